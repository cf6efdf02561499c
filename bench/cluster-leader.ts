import { setTimeout as delay } from "node:timers/promises";

/** Time between two questions, in milliseconds. */
const pollMs = 50;

interface Member {
  readonly state: string;
  readonly isAlive: boolean;
  readonly httpEndPointIp: string;
  readonly httpEndPointPort: number;
}

/** A cluster's leader as its gossip names it, `host:port`; null while there is none. */
export interface LeaderChange {
  readonly at: number;
  readonly leader: string | null;
}

/**
 * Watches who leads a cluster of EventStoreDB, by the gossip of all its hosts: the node that most of those who answer
 * name. Nothing is found where the URL is of another engine. Times are those of `performance.now()`.
 */
export class ClusterLeader {
  readonly changes: LeaderChange[] = [];
  readonly #hosts: readonly string[];
  readonly #end = new AbortController();
  readonly #watching: Promise<void>;

  constructor(url: string) {
    const [, hosts = ""] = /^esdb(?:\+discover)?:\/\/(?:[^@/?]*@)?([^/?]+)/.exec(url) ?? [];
    const scheme = /[?&]tls=false/i.test(url) ? "http" : "https";
    this.#hosts = hosts === "" ? [] : hosts.split(",").map((host) => `${scheme}://${host}/gossip`);
    this.#watching = this.#watch();
  }

  get leader(): string | null {
    return this.changes.at(-1)?.leader ?? null;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#end.signal.aborted && this.#hosts.length > 0) {
      const leader = mostNamed(await Promise.all(this.#hosts.map(async (host) => await namedBy(host))));
      if (this.changes.length === 0 || leader !== this.leader) this.changes.push({ at: performance.now(), leader });
      await delay(pollMs);
    }
  }
}

async function namedBy(host: string): Promise<string | null> {
  const signal = AbortSignal.timeout(pollMs * 5);
  try {
    const answer = await fetch(host, { headers: { accept: "application/json" }, signal });
    const { members } = (await answer.json()) as { members: readonly Member[] };
    const leader = members.find(({ state, isAlive }) => state === "Leader" && isAlive);
    return leader ? `${leader.httpEndPointIp}:${leader.httpEndPointPort}` : null;
  } catch {
    return null;
  }
}

function mostNamed(nodes: readonly (string | null)[]): string | null {
  const times = (node: string | null) => nodes.filter((each) => each === node).length;
  const named = nodes.filter((node) => node !== null);
  return named.toSorted((a, b) => times(b) - times(a))[0] ?? null;
}
