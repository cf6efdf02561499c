import { StoreError } from "../event-store.js";
import { NoAnswerError } from "./call-limits.js";
import { readPage } from "./read-page.js";
import type { Session } from "./session.js";
import type { Connection } from "./shared-client.js";

interface SeenEvent {
  readonly streamId: string;
  readonly revision: bigint;
  readonly id: string;
}

/**
 * The first and the last event that were seen on the server, looked for again over every new connection. Chained events
 * are for ever. Without the first, this is a server that was reset, or another one behind the same address; without the
 * last, a node that has fallen behind, as a leader of before that was cut off.
 */
export class ServerWitness {
  #first: SeenEvent | null = null;
  #last: SeenEvent | null = null;

  constructor(private readonly session: Session) {
    session.checkWith((connection) => this.#check(connection));
  }

  remember(event: SeenEvent): void {
    this.#last = { streamId: event.streamId, revision: event.revision, id: event.id };
    this.#first ??= this.#last;
  }

  async #check(connection: Connection): Promise<void> {
    const [first, last] = [this.#first, this.#last];
    if (!first || !last || (await holds(connection, last))) return;
    if (await holds(connection, first)) throw new NoAnswerError("the node has not all that was seen before");
    throw new StoreError(
      "not-a-ledger",
      `${this.session.url.place} does not hold the log any more that was opened there: event ${first.revision} of ${first.streamId} is gone`,
      "If the server was reset on purpose, open the ledger anew; else restore its data from a backup.",
    );
  }
}

async function holds({ client }: Connection, { streamId, revision, id }: SeenEvent): Promise<boolean> {
  const [found] = await readPage(client.readStream(streamId, { fromRevision: revision, maxCount: 1 }));
  return found?.id === id;
}
