import type { Connection, Submittable } from "pg";

/** What COPY in binary form begins with: a signature, flags, and the length of an extension that nobody has. */
const signature = "PGCOPY\n\xff\r\n\0";
const headerBytes = signature.length + 8;

/** What it ends with: -1 in place of a row's number of columns. */
const trailerBytes = 2;

/**
 * `COPY … TO STDOUT (FORMAT binary)` as a query of pg's own: rows come as they were sent, in a third of the time that pg
 * takes to make objects of text. The server sends a message for each row, the header in front of the first.
 */
export class CopyOut<Row> implements Submittable {
  readonly rows: Promise<Row[]>;
  /** Pg puts a function here that ends its watch over the time. */
  callback: ((error: Error | null) => void) | undefined = undefined;
  readonly #done = Promise.withResolvers<Row[]>();
  readonly #rows: Row[] = [];
  #begun = false;
  /** Why a row could not be read. What is thrown at pg would end the process. */
  #unread: Error | null = null;

  /** `read` is handed views of what the socket has received: it has to copy what it keeps. */
  constructor(
    private readonly text: string,
    private readonly read: (row: Buffer) => Row,
  ) {
    this.rows = this.#done.promise;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const row = this.#begun ? chunk : chunk.subarray(headerBytes);
    this.#begun = true;
    if (row.length <= trailerBytes || this.#unread) return;
    try {
      this.#rows.push(this.read(row));
    } catch (error) {
      this.#unread = error as Error;
    }
  }

  handleCommandComplete(): void {
    // The server is ready again after it.
  }

  handleReadyForQuery(): void {
    this.#end(this.#unread);
  }

  handleError(error: Error): void {
    this.#end(error);
  }

  #end(error: Error | null): void {
    this.callback?.(error);
    if (error) this.#done.reject(error);
    else this.#done.resolve(this.#rows);
  }
}
