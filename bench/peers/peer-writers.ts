import type { AppendLoad, Contender } from "../append/contender.js";

/** How long an append may take before it counts as lost, in milliseconds. */
const appendMsMax = 5000;

/** Another store: what appends one event of a writer's own stream or thread; `step` counts from 0. */
export interface Peer {
  appendOne(writer: number, step: number): Promise<unknown>;
  close?(): unknown;
}

/** So many writers at once; one whose append is rejected goes on with its next, one that gets no answer gives up. */
export class PeerWriters implements Contender {
  #acknowledged = 0;
  #rejected = 0;
  #unanswered = 0;

  constructor(private readonly peer: Peer) {}

  async append({ events, writers, firstWriter }: AppendLoad): Promise<number> {
    const [start, before] = [performance.now(), this.#acknowledged];
    let last = start;
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let step = 0; step < events / writers; step++)
          try {
            if (!(await inTime(this.peer.appendOne(firstWriter + writer, step)))) {
              this.#unanswered++;
              return;
            }
            this.#acknowledged++;
            last = performance.now();
          } catch {
            this.#rejected++;
          }
      }),
    );
    return (this.#acknowledged - before) / (Math.max(1, last - start) / 1000);
  }

  /** What became of all appends so far; those without an answer after five seconds are told apart. */
  outcome(): string {
    return `${this.#acknowledged} acknowledged, ${this.#rejected} rejected, ${this.#unanswered} unanswered`;
  }

  close(): void {
    this.peer.close?.();
  }
}

/** Whether the work was done in time. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), appendMsMax);
  });
  return await Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
