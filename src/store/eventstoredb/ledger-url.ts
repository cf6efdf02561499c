import { StoreError } from "../event-store.js";

/** A ledger on an EventStoreDB server or cluster, as its URL names it. */
export interface LedgerUrl {
  /** What the client takes: the URL without `ledger`. */
  readonly connectionString: string;
  /** Name of the ledger: its streams begin with it. */
  readonly ledger: string;
  /** Hosts and ports alone, for messages: credentials never leave the URL. */
  readonly place: string;
}

const cure =
  "Write esdb://[user:password@]host:2113[?tls=false][&ledger=NAME], or esdb+discover:// for a cluster; percent-encode special characters of the password.";

/**
 * Takes `ledger=NAME` (default `ckpt`) out of a connection string; all else is the client's: `tls`, `tlsCAFile`,
 * `userCertFile`, `nodePreference`, `keepAliveInterval` …
 * @throws StoreError for a URL that is none, a name that is none, and an option that would falsify answers.
 * @example parseLedgerUrl("esdb://localhost:2113?tls=false&ledger=chip7").ledger // "chip7"
 */
export function parseLedgerUrl(url: string): LedgerUrl {
  const [, scheme, credentials = "", hosts, query = ""] =
    /^(esdb(?:\+discover)?):\/\/([^@/?]*@)?([^@/?]+)\/?(?:\?(.*))?$/s.exec(url.trim()) ?? [];
  if (scheme === undefined || hosts === undefined) throw refused("the URL is no EventStoreDB connection string");
  const options = query.split("&").filter((option) => option !== "");
  const isLedger = (option: string) => /^ledger=/i.test(option);
  const named = options.filter(isLedger);
  const ledger = decodeURIComponent(named[0]?.slice("ledger=".length) ?? "ckpt");
  if (named.length > 1 || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(ledger))
    throw refused(`${JSON.stringify(ledger)} is no name of a ledger: letters, digits, . _ -, at most 100, once`);
  if (options.some((option) => /^throw_?-?on_?-?append_?-?failure=/i.test(option)))
    throw refused("throwOnAppendFailure makes the client tell revisions that are not true");
  const kept = options.filter((option) => !isLedger(option));
  // Of several hosts to discover from the client asks the first alone; as seeds it asks them all.
  const asked = hosts.includes(",") ? "esdb" : scheme;
  return {
    connectionString: `${asked}://${credentials}${hosts}${kept.length > 0 ? `?${kept.join("&")}` : ""}`,
    ledger,
    place: `${scheme}://${hosts}`,
  };
}

function refused(reason: string): StoreError {
  return new StoreError("store-unavailable", reason, cure);
}
