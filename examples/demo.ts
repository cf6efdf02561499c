/**
 * `npm run demo`: captures eight recorded stages of an example design into a new ledger, shows the timeline, finds the
 * stage that made things worst, rolls back to the one before it and verifies the ledger.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  capture,
  constraintTexts,
  diffStages,
  type EndpointChange,
  historyOf,
  openLedger,
  type Refusal,
  rollback,
  shownFigure,
  splitText,
  type StageDiff,
  type StageEntry,
  type TypeDiff,
  verify,
} from "../src/index.js";
import { liveStages } from "./live-stages.js";
import { recordedStages, type RecordedStage } from "./recorded-stages.js";

const live = process.argv.includes("--live");
const design = "demo";
const say = (line = "") => process.stdout.write(`${line}\n`);

const store = `sqlite:${join(mkdtempSync(join(tmpdir(), "ckpt-demo-")), "ledger.db")}`;
const ledger = await openLedger(store, { actor: "demo" });
try {
  await run();
} finally {
  await ledger.close();
}

async function run(): Promise<void> {
  say(
    live
      ? "checkpoint-ledger demo: steps of a small design, run through the real OpenSTA on this machine"
      : "checkpoint-ledger demo: eight steps of one design, 17,763 cells, recorded from OpenSTA 3.1.0",
  );
  say();
  const archive = new URL("../../examples/data/stages.tar.zst", import.meta.url);
  await captureAll(live ? liveStages() : recordedStages(archive));
  const history = orThrow(await historyOf(ledger, design));
  const { stages } = history;
  const diffs: StageDiff[] = [];
  for (let at = 1; at < stages.length; at++)
    diffs.push(
      orThrow(await diffStages(ledger, nameOf(stages[at - 1]!), nameOf(stages[at]!), { limit: 1, order: "slack" })),
    );
  timeline(stages, diffs);
  const worst = worstStep(diffs);
  if (worst) await explain(stages, worst.diff, worst.index, worst.type);
  await prove();
  say();
  const [from, to] = worst ? [worst.diff.from, worst.diff.to] : [nameOf(stages[0]!), nameOf(stages.at(-1)!)];
  say(`this ledger: export CKPT_STORE=${store}`);
  say(`next:  npx ckpt diff ${from} ${to}     what changed, endpoint by endpoint`);
  say(`       npx ckpt paths ${to} --type min --slack-max 0`);
  say(`       npx ckpt serve                                 the same over REST`);
}

async function captureAll(recorded: AsyncIterable<RecordedStage>): Promise<void> {
  const start = performance.now();
  let raw = 0;
  let kept = 0;
  let captured = 0;
  for await (const { name, files } of recorded) {
    const sources = files.map((file) => ({ name: file.name, source: only(file.bytes) }));
    const { stage } = orThrow(await capture(ledger, { design, stage: name, unit: "1ns" }, sources));
    raw += stage.rawBytes;
    kept += stage.storedBytes;
    captured++;
    if (process.stderr.isTTY) process.stderr.write(`\rcapturing   ${captured} stages, now ${name}\u001b[K`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const seconds = (performance.now() - start) / 1000;
  const ratio = raw / kept;
  say(
    `capturing   ${captured} stages   ${(raw / 1e6).toFixed(0)} MB of reports -> ${(kept / 1e6).toFixed(1)} MB kept (${ratio.toFixed(0)} x)   ${seconds.toFixed(1)} s`,
  );
  say();
}

/** One line a stage: WNS, TNS and violating endpoints of setup and hold, and how many more violate than before. */
function timeline(stages: readonly StageEntry[], diffs: readonly StageDiff[]): void {
  say("                     setup                          hold");
  say("#  stage        WNS      TNS  violating     WNS      TNS  violating");
  for (const [at, stage] of stages.entries()) {
    const diff = diffs[at - 1];
    const [setup, hold] = (["max", "min"] as const).map((type) => figures(stage, type, typeOf(diff, type)));
    const lost = Math.max(0, ...(diff?.types.map((each) => each.noLongerConstrained) ?? []));
    const remark = lost > 0 ? `    ${lost} endpoints NO LONGER CONSTRAINED` : "";
    say(`${at}  ${stage.stage.padEnd(10)} ${setup} ${hold}${remark}`.trimEnd());
  }
  const bars = (["max", "min"] as const).map((type) => chart(stages.map((stage) => tnsOf(stage, type))));
  const sources = summaryOf(stages.at(-1)!, "max");
  const printed = sources?.tnsFigures[0]?.how === "printed" ? "setup WNS, TNS: report_tns; " : "";
  say(`   setup ${bars[0]}   hold ${bars[1]}       ${printed}the rest: end reports (${endDigits(stages)} digits)`);
  say("   + and -: endpoints seen on both sides that began to violate, less those mended");
  say();
}

function figures(stage: StageEntry, type: "max" | "min", diff: TypeDiff | undefined): string {
  const summary = summaryOf(stage, type);
  const wns = shownFigure(summary?.wnsFigures ?? []);
  const tns = shownFigure(summary?.tnsFigures ?? []);
  const net = diff ? diff.beganToViolate - diff.mended : 0;
  const more = net === 0 ? "" : `${net > 0 ? "+" : ""}${net}`;
  return `${wns.padStart(6)} ${tns.padStart(8)} ${String(summary?.violations ?? "-").padStart(6)} ${more.padEnd(5)}`;
}

/** Blocks as high as the total negative slack is deep. */
function chart(values: readonly number[]): string {
  const deepest = Math.min(...values, -1e-9);
  return values.map((value) => "▁▂▃▄▅▆▇"[Math.round((value / deepest) * 6)]).join("");
}

/** The step after which total negative slack fell most, in setup or hold. */
function worstStep(diffs: readonly StageDiff[]): { diff: StageDiff; index: number; type: TypeDiff } | null {
  const falls = diffs.flatMap((diff, index) =>
    diff.types.map((type) => ({ diff, index, type, fall: (type.tns[1] ?? 0) - (type.tns[0] ?? 0) })),
  );
  const worst = falls.toSorted((a, b) => a.fall - b.fall)[0];
  return worst && worst.fall < 0 ? worst : null;
}

/** Says what the worst step did, why, and goes back to the stage before it. */
async function explain(stages: readonly StageEntry[], diff: StageDiff, index: number, type: TypeDiff): Promise<void> {
  const [before, after] = [stages[index]!, stages[index + 1]!];
  say(`worst step: ${index + 1} ${after.stage}`);
  const name = (each: TypeDiff) => (each.type === "max" ? "setup" : "hold ");
  const moved = (each: TypeDiff) =>
    `TNS ${shownFigure(summaryOf(before, each.type)!.tnsFigures)} -> ${shownFigure(summaryOf(after, each.type)!.tnsFigures)}`;
  say(`  ${name(type)}   ${type.beganToViolate} endpoints began to violate, ${moved(type)}`);
  for (const other of diff.types.filter((each) => each !== type)) {
    if (other.noLongerConstrained === 0) {
      say(
        `  ${name(other)}   ${other.beganToViolate} endpoints began to violate, ${other.mended} were mended, ${moved(other)}`,
      );
      continue;
    }
    const all =
      other.noLongerConstrainedViolating === other.noLongerConstrained
        ? "that all violated before"
        : `of which ${other.noLongerConstrainedViolating} violated before`;
    say(
      `  ${name(other)}   looks better, but ${other.noLongerConstrained} endpoints ${all} (${other.noLongerConstrainedTns.toFixed(2)}) lost their constraint (${other.pinTable}: INF); ${other.mended} were mended`,
    );
  }
  const gone = type.notObserved > 0 ? `; ${type.notObserved} endpoints are not observed any more` : "";
  const worst = type.worst[0];
  if (worst) say(`  why     ${worst.endpoint}, ${name(type).trim()}, ${whyText(worst)}${gone}`);
  const changes = constraintTexts(diff.constraints);
  if (changes.length > 0) say(`  with it the constraints changed:  ${changes.join("   ")}`);
  const reason =
    (diff.constraints?.multicycleWithoutHold.length ?? 0) > 0
      ? "multicycle without hold"
      : `${after.stage} made ${name(type).trim()} worse`;
  const { stage, event } = orThrow(await rollback(ledger, { design, to: before.reference, reason }));
  say(`rolled back to ${index} ${stage.stage} (head moved, nothing erased; event ${event}, by demo, "${reason}")`);
}

/** `0.23 -> -4.77:  constraint -5.00 (…)   rounding 0.00` */
function whyText({ before, after, split }: EndpointChange): string {
  if (!split) return `${before.toFixed(2)} -> ${after.toFixed(2)}`;
  return `${split.before.toFixed(split.digits)} -> ${split.after.toFixed(split.digits)}:  ${splitText(split)}`;
}

async function prove(): Promise<void> {
  const result = await verify(ledger);
  if (!result.ok) throw new Error(`the ledger does not verify: ${result.reason}`);
  say(`verified: ${result.events} events, every chain whole, head ${result.head}`);
}

function summaryOf(stage: StageEntry, type: "max" | "min") {
  return stage.summary.find((each) => each.type === type);
}

function typeOf(diff: StageDiff | undefined, type: "max" | "min"): TypeDiff | undefined {
  return diff?.types.find((each) => each.type === type);
}

function tnsOf(stage: StageEntry, type: "max" | "min"): number {
  return summaryOf(stage, type)?.tns ?? 0;
}

function endDigits(stages: readonly StageEntry[]): number {
  return summaryOf(stages[0]!, "min")?.tnsFigures.at(-1)?.digits ?? 0;
}

function nameOf(stage: StageEntry): string {
  return `${design}@${stage.reference}`;
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function orThrow<T extends { readonly ok: true }>(answer: T | Refusal): T {
  if (answer.ok) return answer;
  throw new Error(`${answer.message} ${answer.cure}`);
}
