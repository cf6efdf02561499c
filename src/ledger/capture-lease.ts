import { openCaptures } from "../../projections/checkpoints.js";
import { refuse } from "../domain/refusal.js";
import { runCheckpointCommand } from "./checkpoint-commands.js";
import { newCommandKey } from "./command-key.js";
import type { Ledger } from "./ledger.js";

/** How long a capture counts as alive without a word, and how often it gives one. */
const leaseMs = 90_000;
const leaseRenewalMs = 30_000;

/** A capture under way: its checkpoint, its command key, and who captures. */
export interface CaptureRun {
  readonly checkpointId: string;
  readonly key: string;
  readonly actor: string;
}

/** Until when a capture that begins or is heard of now counts as alive. */
export function leaseEnd(ledger: Ledger): string {
  return new Date(ledger.now().getTime() + leaseMs).toISOString();
}

/** Says every now and then that the capture is alive, until its end. */
export function holdLease(ledger: Ledger, run: CaptureRun): { end(): void } {
  let renewals = 0;
  const timer = setInterval(() => {
    const leaseUntil = leaseEnd(ledger);
    void runCheckpointCommand(ledger, { ...run, step: `lease-${++renewals}` }, async () => ({
      type: "update",
      leaseUntil,
    })).catch(() => undefined);
  }, leaseRenewalMs);
  timer.unref();
  return { end: () => clearInterval(timer) };
}

/** Captures of the design whose lease has run out: their process died, and nobody said so. */
export async function declareAbandoned(ledger: Ledger, design: string, actor: string): Promise<void> {
  await ledger.readModels.refresh();
  for (const { checkpoint } of openCaptures(ledger.readModels.tables, design)) {
    if (isAlive(ledger, checkpoint.leaseUntil)) continue;
    const key = newCommandKey(ledger.now());
    const request = { checkpointId: checkpoint.checkpointId, key, actor, step: "abandon" };
    await runCheckpointCommand(ledger, request, async (now) => {
      const leaseUntil = now?.checkpoint.leaseUntil ?? null;
      if (isAlive(ledger, leaseUntil)) return refuse("conflict", "the capture is alive after all", "");
      const message = `no word since its lease ran out at ${leaseUntil}`;
      return { type: "fail", error: { code: "abandoned", message }, abandoned: true };
    });
  }
}

function isAlive(ledger: Ledger, leaseUntil: string | null): boolean {
  return leaseUntil === null || Date.parse(leaseUntil) > ledger.now().getTime();
}
