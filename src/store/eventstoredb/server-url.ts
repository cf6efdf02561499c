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
  /** For each host of a cluster, what makes a client ask that one who leads; none where the URL wants another node. */
  readonly seeds: readonly string[];
  /** What makes a client use one node, `host:port`, and ask nobody. */
  readonly nodeString: (node: string) => string;
}

const cure =
  "Write esdb://[user:password@]host:2113[?tls=false][&ledger=NAME], or esdb+discover:// for a cluster; percent-encode special characters of the password.";

/** Seconds that a host may take to say who leads; the client's own five are too long beside one that stands still. */
const gossipTimeout = "gossipTimeout=1";

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
  const several = hosts.includes(",");
  const isCluster = several || scheme === "esdb+discover";
  const patient = !isCluster || /[?&]gossip[_-]?timeout=/i.test(query);
  const options = patient ? query : `${query || "?"}${query ? "&" : ""}${gossipTimeout}`;
  const wantsLeader = !/[?&]node[_-]?preference=(?!leader)/i.test(query);
  const to = (asked: string, where: string) => `${asked}://${credentials}${where}${options}`;
  return {
    // Of several hosts to discover from the client asks the first alone; as seeds it asks them all.
    connectionString: to(several ? "esdb" : scheme, hosts),
    ledger,
    place: `${scheme}://${hosts}`,
    seeds: isCluster && wantsLeader ? hosts.split(",").map((host) => to("esdb+discover", host)) : [],
    nodeString: (node) => to("esdb", node),
  };
}

function refused(reason: string): StoreError {
  return new StoreError("store-unavailable", reason, cure);
}
