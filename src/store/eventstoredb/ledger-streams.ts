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

  /** What the workers of a group have agreed on. */
  group(name: string): string {
    return `${this.ledger}#group-${name}`;
  }

  /**
   * The server's filter for this ledger, or for its streams that begin in one of these ways: payload streams do not
   * travel unless they are wanted.
   */
  filter(payload: boolean, streamPrefixes?: readonly string[]): string {
    const own = `^${literal(this.#prefix)}${payload ? "" : `(?!${payloadStreamPrefix})`}`;
    return streamPrefixes ? `${own}(?:${streamPrefixes.map(literal).join("|")})` : own;
  }
}

/** A text as a regular expression that .NET and JavaScript read alike. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
