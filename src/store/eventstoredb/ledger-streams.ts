import { payloadStreamPrefix } from "../event-store.js";

/**
 * Where a ledger's streams lie among all others of a server: `NAME/` stands before each. No name of a ledger holds a
 * slash, so no ledger's streams begin like those of another; and `NAME#numbers` (see event-numbers.ts) is in none.
 */
export class LedgerStreams {
  readonly #prefix: string;

  constructor(private readonly ledger: string) {
    this.#prefix = `${ledger}/`;
  }

  /** A stream's name on the server. */
  onServer(stream: string): string {
    return this.#prefix + stream;
  }

  /** The ledger's own name of a stream on the server. */
  own(stream: string): string {
    return stream.slice(this.#prefix.length);
  }

  get numbers(): string {
    return `${this.ledger}#numbers`;
  }

  /** The server's filter for this ledger: payload streams do not travel unless they are wanted. */
  filter(payload: boolean): string {
    const escaped = this.#prefix.replaceAll(".", "\\.");
    return payload ? `^${escaped}` : `^${escaped}(?!${payloadStreamPrefix})`;
  }
}
