import { setTimeout as pause } from "node:timers/promises";
import { StoreError } from "../event-store.js";
import type { WaitReport } from "../wait-report.js";
import type { Connections } from "./connections.js";

const longestPauseMs = 50;

/**
 * The horizon is the oldest transaction still running on the server: what lies below it in the log is settled. Any
 * transaction that writes and does not end holds it back, even in another database of the same server.
 */
export class Horizon {
  constructor(
    private readonly connections: Connections,
    private readonly waitMsMax: number,
    private readonly onWait: ((report: WaitReport) => void) | undefined,
  ) {}

  /**
   * Returns once `passed` is true, which is asked again and again.
   * @throws StoreError that names who holds the log back, after `waitMsMax`; `stillTrue` says what was done already.
   */
  async wait(passed: () => Promise<boolean>, stillTrue = ""): Promise<void> {
    const start = performance.now();
    for (let reports = 1, pauseMs = 1; !(await passed()); pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const waitedMs = performance.now() - start;
      if (waitedMs > this.waitMsMax)
        throw new StoreError(
          "store-busy",
          `${await this.#heldBack()}; waited ${Math.round(waitedMs / 1000)} s${stillTrue}`,
          "End that transaction (commit, roll back, or pg_terminate_backend), and try again with the same command key.",
        );
      if (waitedMs > reports * 1000) {
        reports++;
        this.onWait?.({ waitedMs, what: `read on: ${await this.#heldBack()}` });
      }
      await pause(pauseMs);
    }
  }

  /** Waits until all transactions up to this one have ended, or the signal. */
  async pass(xid: string, signal?: AbortSignal): Promise<void> {
    await this.wait(async () => {
      if (signal?.aborted) return true;
      const [row] = await this.connections.query<{ passed: boolean }>(
        "SELECT $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) AS passed",
        [xid],
      );
      return row!.passed;
    });
  }

  async #heldBack(): Promise<string> {
    const rows = await this.connections.query<{ who: string; since: Date }>(
      `SELECT who, since FROM (
         SELECT 'pid ' || pid || ' (' || concat_ws(', ', nullif(application_name, ''), usename, datname) || ')' AS who,
           xact_start AS since, backend_xid AS xid FROM pg_stat_activity WHERE backend_xid IS NOT NULL
         UNION ALL SELECT 'the prepared transaction ' || gid, prepared, transaction FROM pg_prepared_xacts
       ) running ORDER BY age(xid) DESC LIMIT 1`,
      [],
    );
    const [holder] = rows;
    return holder
      ? `the log is held back by ${holder.who} since ${holder.since.toISOString()}`
      : "the log is held back by a transaction of another user (pg_stat_activity shows it to a superuser)";
  }
}
