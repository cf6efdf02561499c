import { designSnapshot } from "../../projections/rollback-targets.js";
import { decideDesign, type DesignCommand, emptyDesign } from "../domain/design.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import { appendChained, appendedNumber, decisionsMax, newStream } from "./chained-append.js";
import { heldBack } from "./held-back.js";
import type { Ledger } from "./ledger.js";

/** Decides on a design and appends, again from the start when another writer came first; `command` is asked each time. */
export async function runDesignCommand(
  ledger: Ledger,
  design: string,
  command: () => DesignCommand | Refusal,
  request: { readonly key: string; readonly actor: string; readonly step: string },
): Promise<{ readonly ok: true; readonly number: number } | Refusal> {
  for (let tries = 0; tries < decisionsMax; tries++) {
    await ledger.readModels.refresh();
    const wanted = command();
    if ("ok" in wanted) return wanted;
    const before = designSnapshot(ledger.readModels.tables, design);
    const decided = decideDesign(wanted, before?.design ?? emptyDesign);
    if (!decided.ok) return decided;
    const result = await appendChained(ledger, {
      ...request,
      stream: `design-${design}`,
      tail: before ?? newStream,
      events: decided.events,
    });
    if (result.ok) {
      await ledger.readModels.refresh();
      return { ok: true, number: await appendedNumber(ledger, result) };
    }
    if (result.code !== "wrong-revision")
      throw new Error(`design ${design} could not be appended to: ${JSON.stringify(result)}`);
    const held = heldBack(ledger, `design-${design}`);
    if (held) return held;
  }
  return refuse(
    "conflict",
    `design "${design}" is being changed by too many writers at once`,
    "Nothing was changed. Try again.",
  );
}
