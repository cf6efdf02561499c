import { StoreError } from "../event-store.js";
import { parseLedgerUrl } from "../ledger-name.js";

/** A ledger on an EventStoreDB server or cluster, as its URL names it. */
export interface EventStoreDbUrl {
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
 * Takes the ledger's name out of a connection string; all else is the client's: `tls`, `tlsCAFile`, `userCertFile`,
 * `nodePreference`, `keepAliveInterval` …
 * @throws StoreError for a URL that is none, a name that is none, and an option that would falsify answers.
 * @example parseEventStoreDbUrl("esdb://localhost:2113?tls=false&ledger=chip7").ledger // "chip7"
 */
export function parseEventStoreDbUrl(url: string): EventStoreDbUrl {
  const { server, ledger } = parseLedgerUrl(url.trim());
  const [, scheme, credentials = "", hosts, query = ""] =
    /^(esdb(?:\+discover)?):\/\/([^@/?]*@)?([^@/?]+)\/?(\?.*)?$/s.exec(server) ?? [];
  if (scheme === undefined || hosts === undefined) throw refused("the URL is no EventStoreDB connection string");
  if (/[?&]throw_?-?on_?-?append_?-?failure=/i.test(query))
    throw refused("throwOnAppendFailure makes the client tell revisions that are not true");
  // Of several hosts to discover from the client asks the first alone; as seeds it asks them all.
  const asked = hosts.includes(",") ? "esdb" : scheme;
  return { connectionString: `${asked}://${credentials}${hosts}${query}`, ledger, place: `${scheme}://${hosts}` };
}

function refused(reason: string): StoreError {
  return new StoreError("store-unavailable", reason, cure);
}
