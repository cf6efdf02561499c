/** What the double does wrong on purpose. A test sets fields. */
export class Faults {
  /** Requests are taken and never answered; open streams fall silent. */
  blackHole = false;
  /** Connections that lead nowhere, as after a failover of the network; new ones are served. */
  readonly deaf = new Set<string>();
  readonly #peers = new Set<string>();
  /** So many appends are written, and their answers never sent. */
  lostReplies = 0;
  /** So many appends are written at once and answered after `lateMs`. */
  lateReplies = 0;
  lateMs = 0;
  /** So many append calls end cleanly without an answer, unwritten. */
  halfCloses = 0;
  /** So many calls that require a leader are sent to the address given. */
  notLeader: { times: number; host: string; port: number } | null = null;
  /** So many calls fail with this gRPC status before they do anything. */
  failing: { times: number; code: number; details: string } | null = null;
  /** Every event of a subscription comes twice. */
  duplicateDelivery = false;
  /** After so many events, each of the next `times` subscriptions fails with this status. */
  subscriptionFailure: { after: number; times: number; code: number; details: string } | null = null;
  /** So many persistent subscriptions get neither confirmation nor error. */
  silentConfirmations = 0;
  /** Calls seen, by name; those with the header `requires-leader` are counted once more under `NAME leader`. */
  readonly calls = new Map<string, number>();
  /** The header `authorization` of the last call of each name; empty where there was none. */
  readonly authorizations = new Map<string, string>();

  /** Whether a call over this connection is left without an answer. */
  isDeafTo(peer: string): boolean {
    this.#peers.add(peer);
    return this.blackHole || this.deaf.has(peer);
  }

  /** All connections there are lead nowhere from now on. */
  deafen(): void {
    for (const peer of this.#peers) this.deaf.add(peer);
  }

  count(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  /** One of a bounded number of faults, taken if there is one left. */
  take(fault: "lostReplies" | "lateReplies" | "halfCloses" | "silentConfirmations"): boolean {
    if (this[fault] === 0) return false;
    this[fault]--;
    return true;
  }
}
