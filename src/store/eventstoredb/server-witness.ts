import { StoreError } from "../event-store.js";
import { readPage } from "./read-page.js";
import type { Session } from "./session.js";
import type { Connection } from "./shared-client.js";

interface SeenEvent {
  readonly streamId: string;
  readonly revision: bigint;
  readonly id: string;
}

/**
 * One event that was seen on the server, looked for again over every new connection: a server that was reset, or another
 * one behind the same address, does not have it. Chained events are for ever, so its absence has no other reason.
 */
export class ServerWitness {
  #seen: SeenEvent | null = null;

  constructor(private readonly session: Session) {
    session.checkWith((connection) => this.#check(connection));
  }

  remember(event: SeenEvent): void {
    this.#seen ??= { streamId: event.streamId, revision: event.revision, id: event.id };
  }

  async #check(connection: Connection): Promise<void> {
    if (!this.#seen) return;
    const { streamId, revision, id } = this.#seen;
    const [found] = await readPage(connection.client.readStream(streamId, { fromRevision: revision, maxCount: 1 }));
    if (found?.id === id) return;
    throw new StoreError(
      "not-a-ledger",
      `${this.session.url.place} does not hold the log any more that was opened there: event ${revision} of ${streamId} is gone`,
      "If the server was reset on purpose, open the ledger anew; else restore its data from a backup.",
    );
  }
}
