import type { Connection, Submittable } from "pg";

/** What COPY in binary form begins with: a signature, flags, and the length of an extension that nobody has. */
const signature = "PGCOPY\n\xff\r\n\0";
const headerBytes = signature.length + 8;

/** What it ends with: -1 in place of a row's number of columns. */
const trailerBytes = 2;

export interface Rows {
  /** It is handed a view of what the socket has received: it has to copy what it keeps. */
  take(row: Buffer): void;
}

/**
 * `COPY … TO STDOUT (FORMAT binary)` as a query of pg's own: rows come as they were sent, in half of the time that it
 * took to make events of pg's objects of text. The server sends a message for each row, the header in front of the first.
 */
export class CopyOut implements Submittable {
  readonly done: Promise<void>;
  /** Pg puts a function here that ends its watch over the time. */
  callback: ((error: Error | null) => void) | undefined = undefined;
  readonly #end = Promise.withResolvers<void>();
  #begun = false;
  /** Why a row could not be read. What is thrown at pg would end the process. */
  #unread: Error | null = null;

  constructor(
    private readonly text: string,
    private readonly rows: Rows,
  ) {
    this.done = this.#end.promise;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const row = this.#begun ? chunk : chunk.subarray(headerBytes);
    this.#begun = true;
    if (row.length <= trailerBytes || this.#unread) return;
    try {
      this.rows.take(row);
    } catch (error) {
      this.#unread = error as Error;
    }
  }

  handleCommandComplete(): void {
    // The server is ready again after it.
  }

  handleReadyForQuery(): void {
    this.#finish(this.#unread);
  }

  handleError(error: Error): void {
    this.#finish(error);
  }

  #finish(error: Error | null): void {
    this.callback?.(error);
    if (error) this.#end.reject(error);
    else this.#end.resolve();
  }
}
