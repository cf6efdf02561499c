import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { StoreError } from "../event-store.js";
import type { WaitReport } from "../wait-report.js";
import { isBusy, toStoreError } from "./sqlite-errors.js";

/** Retries that only give way to the event loop, before they sleep a millisecond each. */
const eagerTries = 40;

/**
 * The file's one write lock, waited for without blocking the event loop. SQLite's own busy handler sleeps the whole
 * process and is neither fair nor prompt, so its timeout is 0 and the retry is ours.
 */
export class WriteLock {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #version: StatementSync;
  #seenVersion = -1;

  constructor(
    private readonly database: DatabaseSync,
    private readonly path: string,
    private readonly waitMsMax: number,
    private readonly onWait: ((report: WaitReport) => void) | undefined,
  ) {
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
    this.#version = database.prepare("PRAGMA data_version");
    this.#version.setReturnArrays(true);
  }

  /** Takes the lock. Answers whether another connection has written since the last time. */
  async begin(what: string): Promise<{ othersWrote: boolean }> {
    await this.retry(what, () => this.#begin.run());
    return { othersWrote: this.noticeOthers() };
  }

  commit(): void {
    this.#commit.run();
  }

  rollback(): void {
    if (this.database.isTransaction) this.#rollback.run();
  }

  /** Whether another connection has written since this was last asked. */
  noticeOthers(): boolean {
    const version = (this.#version.get() as unknown as [number])[0];
    const others = version !== this.#seenVersion;
    this.#seenVersion = version;
    return others;
  }

  /**
   * Runs `work` alone among all writers of the file; what it throws undoes it. It is told whether another connection
   * has written since the last time.
   */
  async exclusive<T>(what: string, work: (othersWrote: boolean) => T): Promise<T> {
    const { othersWrote } = await this.begin(what);
    try {
      const result = work(othersWrote);
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw toStoreError(error, this.path);
    }
  }

  /** Tries until the lock is free, for `waitMsMax` at most. */
  async retry(what: string, attempt: () => unknown): Promise<void> {
    const start = performance.now();
    for (let tries = 0, reports = 1; ; tries++) {
      try {
        attempt();
        return;
      } catch (error) {
        if (!isBusy(error)) throw toStoreError(error, this.path);
        const waitedMs = performance.now() - start;
        if (waitedMs > this.waitMsMax)
          throw new StoreError(
            "store-busy",
            `waited ${Math.round(waitedMs / 1000)} s to ${what}: another process holds the write lock of ${this.path}`,
            "Nothing was written. Look for a stopped or stuck process that has the file open, and try again.",
            { cause: error },
          );
        if (waitedMs > reports * 1000) {
          reports++;
          this.onWait?.({ waitedMs, what });
        }
        await (tries < eagerTries ? nextTurn() : pause(1));
      }
    }
  }
}
