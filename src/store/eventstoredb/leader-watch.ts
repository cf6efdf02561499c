import { setTimeout as delay } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";

/** How long a call may be without an answer before the cluster is asked who leads. */
const suspicionMs = 500;

/** The time for an answer, and then until the next question. */
const answerMs = 250;

/** A part of a client that its types hide: the node to use, `host:port`, as the gossip of its hosts names it. */
interface Discovery {
  resolveUri(): Promise<string>;
}

/**
 * Asks a cluster who leads while calls stay without an answer. A leader that stands still, or that the network has cut
 * off, closes no connection: its calls would wait for their time limits though another node leads by now. One that is
 * merely slow is still named by the others, and nothing happens.
 */
export class LeaderWatch {
  readonly #waiting = new Set<{ readonly since: number }>();
  #looking = false;

  /** `seeds`: connection strings that ask one host each; without any nobody is asked. */
  constructor(
    private readonly seeds: readonly string[],
    private readonly onLeader: (node: string) => void,
  ) {}

  /** The call's own outcome. */
  async during<T>(call: Promise<T>): Promise<T> {
    const wait = { since: performance.now() };
    this.#waiting.add(wait);
    if (!this.#looking && this.seeds.length > 0) void this.#look();
    try {
      return await call;
    } finally {
      this.#waiting.delete(wait);
    }
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#waiting.size > 0) {
      const [longest] = this.#waiting;
      const suspicious = longest!.since + suspicionMs - performance.now();
      await delay(Math.max(suspicious, answerMs), undefined, { ref: false });
      if (suspicious > 0) continue;
      const leader = await leaderOf(this.seeds);
      if (leader !== null) this.onLeader(leader);
    }
    this.#looking = false;
  }
}

/** The node that more than half of the hosts name: one that was cut off may still name itself. */
async function leaderOf(seeds: readonly string[]): Promise<string | null> {
  const named = new Map<string, number>();
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const asked = seeds.map(async (seed) => {
    const client = EventStoreDBClient.connectionString(`${seed}&maxDiscoverAttempts=1`);
    const node = await (client as unknown as Discovery).resolveUri();
    const times = (named.get(node) ?? 0) + 1;
    named.set(node, times);
    if (times > seeds.length / 2) resolve(node);
  });
  void Promise.allSettled(asked).then(() => resolve(null));
  setTimeout(() => resolve(null), answerMs).unref();
  return await promise;
}
