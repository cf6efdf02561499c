import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import type { Connections } from "./connections.js";

/** Appends within this time are told by one notification. */
const gatherMs = 5;

/** Pauses before the listening connection is made again. */
const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Says "something was appended" to all processes that look at the ledger, and hears it. A notification is sent after
 * the commit, not in it: within, the server would let only one transaction at a time commit. So one can be lost, if its
 * sender dies in between; who waits looks for himself now and then.
 */
export class Notifications {
  readonly #channel: string;
  readonly #waiting = new Set<() => void>();
  #announcing: Promise<void> | null = null;
  #again = false;
  #listening = false;
  #client: Client | null = null;
  #closed = false;
  #changes = 0;

  constructor(
    ledger: string,
    private readonly connections: Connections,
  ) {
    // A channel's name has at most 63 bytes, a ledger's may have as many.
    this.#channel = `ckpt_${createHash("sha256").update(ledger).digest("hex").slice(0, 32)}`;
  }

  /** Grows with every append that is heard of: ask before looking into the log, and hand it to `wait`. */
  get changes(): number {
    return this.#changes;
  }

  /** Wakes who waits in this process, and tells the others soon. */
  announce(): void {
    this.#wake();
    this.#again = true;
    this.#announcing ??= this.#announce();
  }

  /** Waits until `changes` is no longer what it was, for `ms` at most, or until the signal or `close`. */
  async wait(seen: number, ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#listening) {
      this.#listening = true;
      void this.#listen();
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
      signal?.addEventListener("abort", done);
      if (this.#changes !== seen || this.#closed || signal?.aborted) done();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#announcing;
    await this.#client?.end().catch(() => undefined);
  }

  async #announce(): Promise<void> {
    try {
      while (this.#again) {
        if (!this.#closed) await pause(gatherMs);
        this.#again = false;
        await this.connections.query(`NOTIFY ${this.#channel}`, []);
      }
    } catch {
      // Who waits looks for himself now and then.
    } finally {
      this.#announcing = null;
    }
  }

  /** Keeps a listening connection until `close`. */
  async #listen(): Promise<void> {
    for (let pauseMs = firstPauseMs; !this.#closed; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const client = this.connections.listener();
      const ended = new Promise<void>((resolve) => {
        client.on("end", resolve);
        client.on("error", () => resolve());
      });
      try {
        client.on("notification", () => this.#wake());
        await client.connect();
        this.#client = client;
        await client.query(`LISTEN ${this.#channel}`);
        pauseMs = firstPauseMs;
        // Something may have been appended before it listened.
        this.#wake();
        if (this.#closed) await client.end();
        await ended;
      } catch {
        await client.end().catch(() => undefined);
      }
      this.#client = null;
      if (!this.#closed) await pause(pauseMs, undefined, { ref: false });
    }
  }

  #wake(): void {
    this.#changes++;
    for (const done of [...this.#waiting]) done();
  }
}
