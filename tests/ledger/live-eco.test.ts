import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { capture } from "../../src/ledger/capture.js";
import { diffStages } from "../../src/ledger/diff.js";
import { historyOf } from "../../src/ledger/history.js";
import { openLedger } from "../../src/open-ledger.js";
import { design, notLive } from "../opensta/live-tool.js";
import { temporaryFolder } from "../temporary-folder.js";

/** Steps of an engineer on the live design, each timed by the tool's incremental update. */
const ecos = [
  ["base", null],
  ["load", "set_load -pin_load 2 [get_ports {q[0]}]"],
  ["swap", "replace_cell _4731_ XNOR2X1"],
  ["margin", "set_clock_uncertainty -setup 0.5 [get_clocks clk_a]"],
] as const;

it.skipIf(notLive !== null)("captures every step of a live session, and says of each what it changed", async () => {
  const session = await design();
  const ledger = await openLedger(`sqlite:${join(temporaryFolder(), "ledger.db")}`, { actor: "ann" });
  onTestFinished(() => ledger.close());
  const worst: number[] = [];
  for (const [stage, command] of ecos) {
    if (command !== null) expect((await session.run(command)).error).toBeUndefined();
    const report = "report_checks -path_delay max -group_count 100000 -format";
    const answer = await capture(ledger, { design: "live", stage, unit: "1ns" }, [
      { name: "max_full.rpt", source: session.streamCommand(`${report} full_clock`) },
      { name: "max_end.rpt", source: session.streamCommand(`${report} end -digits 4`) },
      { name: "tns.rpt", source: session.streamCommand("report_tns") },
    ]);
    expect(answer).toMatchObject({ ok: true, warnings: [] });
    worst.push((await session.worstSlack("max"))!);
  }
  const history = await historyOf(ledger, "live");
  if (!history.ok) throw new Error(history.message);
  expect(history.stages.map(({ stage }) => stage)).toEqual(ecos.map(([stage]) => stage));
  for (const [at, { summary }] of history.stages.entries())
    expect(summary.find(({ type }) => type === "max")!.worstSlack).toBeCloseTo(worst[at]!, 3);
  const diff = await diffStages(ledger, "live@swap", "live@margin");
  if (!diff.ok) throw new Error(diff.message);
  const [setup] = diff.types;
  expect(setup!.worse).toBeGreaterThan(0);
  expect(setup!.better).toBe(0);
  // The margin of clk_a grows from 0.15 to 0.5, and that part of the change says so.
  expect(setup!.worst[0]!.change).toBeCloseTo(-0.35, 3);
  expect(setup!.worst[0]!.split?.parts.find(({ part }) => part === "uncertainty")?.change).toBeCloseTo(-0.35, 2);
});
