import { openCaptures } from "../../../projections/checkpoints.js";
import { formsOf, type StageFormRow } from "../../../projections/stage-forms.js";
import { refuse } from "../../domain/refusal.js";
import { declareAbandoned } from "../capture-lease.js";
import { hasChunks } from "../chunk-stream.js";
import { runDesignCommand } from "../design-commands.js";
import type { Ledger } from "../ledger.js";
import { chainOf } from "./plan.js";

export interface Erased {
  /** Chunk bytes that are gone. */
  readonly erasedBytes: number;
  /** Chunk bytes of replaced forms that are still needed, or have to wait for the end of a capture. */
  readonly waitingBytes: number;
}

/**
 * Erases the replaced forms of a design that no sealed stage leans on. First an event says so, then the chunks go; where a
 * process died in between, this makes up for it. While a capture is under way nothing is erased: it may lean on any form.
 */
export async function eraseForms(
  ledger: Ledger,
  design: string,
  run: { readonly key: string; readonly actor: string },
): Promise<Erased> {
  await declareAbandoned(ledger, design, run.actor);
  await ledger.readModels.refresh();
  await finishErasures(ledger, design);
  let erasedBytes = 0;
  for (const { checkpointId, form } of unneededForms(ledger, design)) {
    const { chunks } = form;
    const command = () =>
      unneededForms(ledger, design).some((each) => each.form.chunks.stream === chunks.stream)
        ? ({ type: "erase-chunks", design, checkpointId, chunks } as const)
        : refuse("conflict", `${chunks.stream} is needed`, "Nothing was erased.");
    const said = await runDesignCommand(ledger, design, command, { ...run, step: `erase ${chunks.stream}` });
    if (!said.ok) continue;
    await ledger.store.deleteStream(chunks.stream);
    erasedBytes += chunks.bytes;
  }
  const waiting = formsOf(ledger.readModels.tables, design).filter(({ state }) => state === "replaced");
  return { erasedBytes, waitingBytes: waiting.reduce((sum, { form }) => sum + form.chunks.bytes, 0) };
}

async function finishErasures(ledger: Ledger, design: string): Promise<void> {
  for (const { state, form } of formsOf(ledger.readModels.tables, design))
    if (state === "erased" && (await hasChunks(ledger, form.chunks.stream)))
      await ledger.store.deleteStream(form.chunks.stream);
}

function unneededForms(ledger: Ledger, design: string): StageFormRow[] {
  const { tables } = ledger.readModels;
  if (openCaptures(tables, design).length > 0) return [];
  const forms = new Map(formsOf(tables, design).map((each) => [each.form.chunks.stream, each]));
  const current = [...forms.values()].filter(({ state }) => state === "current");
  const baseOf = (stream: string) => forms.get(stream)!.form.baseStream;
  const needed = new Set(current.flatMap(({ form }) => chainOf(form.chunks.stream, baseOf)));
  return [...forms.values()].filter(({ state, form }) => state === "replaced" && !needed.has(form.chunks.stream));
}
