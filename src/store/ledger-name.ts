import { StoreError } from "./event-store.js";

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** A server's URL, and which of its ledgers is meant. */
export interface LedgerUrl {
  /** The URL without `ledger=`: what the engine's client is given. */
  readonly server: string;
  /** Name of the ledger on that server; default `ckpt`. */
  readonly ledger: string;
}

/**
 * Takes `?ledger=NAME` out of the URL of a server that holds several ledgers.
 * @throws StoreError if the name cannot be one.
 * @example parseLedgerUrl("postgres://db/chips?ledger=lane").ledger; // "lane"
 */
export function parseLedgerUrl(url: string): LedgerUrl {
  const [server = "", query] = url.split(/\?(.*)/s);
  const others = (query ?? "").split("&").filter((part) => part !== "");
  const named = others.findIndex((part) => /^ledger=/i.test(part));
  const ledger = named < 0 ? "ckpt" : decodeURIComponent(others.splice(named, 1)[0]!.slice("ledger=".length));
  if (!pattern.test(ledger) || others.some((part) => /^ledger=/i.test(part)))
    throw new StoreError(
      "store-unavailable",
      `${JSON.stringify(ledger)} cannot be the name of a ledger, which is named once`,
      "Use 1 to 63 letters, digits, dots, dashes or underscores, the first a letter or a digit: ?ledger=lane.",
    );
  return { server: others.length > 0 ? `${server}?${others.join("&")}` : server, ledger };
}
