import { createHash, randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { historyOf, listDesigns } from "../../src/ledger/history.js";
import { capture, type CaptureFile } from "../../src/ledger/capture.js";
import { complete, create, fail, getCheckpoint, restore, update } from "../../src/ledger/checkpoint-commands.js";
import { newCommandKey } from "../../src/ledger/command-key.js";
import { diffStages } from "../../src/ledger/diff.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { replayUntil } from "../../src/ledger/replay.js";
import { rollback } from "../../src/ledger/rollback.js";
import { findStage, openStage } from "../../src/ledger/stage-access.js";
import { verify } from "../../src/ledger/verify.js";
import { openLedger } from "../../src/open-ledger.js";
import { readFrames } from "../../src/timing/stage-manifest.js";
import { temporaryFolder } from "../temporary-folder.js";
import { dumpReadModels } from "./dump-read-models.js";

async function* only(bytes: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield typeof bytes === "string" ? Buffer.from(bytes) : bytes;
}
const file = (name: string, bytes: Uint8Array | string): CaptureFile => ({ name, source: only(bytes) });

async function openNew(url = `sqlite:${join(temporaryFolder(), "ledger.db")}`): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann" });
  onTestFinished(() => ledger.close());
  return ledger;
}

async function contents(ledger: Ledger, reference: string, name: string): Promise<Buffer> {
  const found = await findStage(ledger, reference);
  if (!found.ok) throw new Error(found.message);
  const parts: Uint8Array[] = [];
  for await (const bytes of (await openStage(ledger, found.row)).stream(name)) parts.push(bytes);
  return Buffer.concat(parts);
}

const endReport = (slacks: Record<string, string>) =>
  `max_delay/setup group clk\n\n                 Required    Actual\nEndpoint            Delay     Delay     Slack\n${"-".repeat(50)}\n${Object.entries(
    slacks,
  )
    .map(([pin, slack]) => `${pin} (DFF)   4.0000    3.0000    ${slack} (MET)\n`)
    .join("")}\n`;

describe.each(["memory:", "sqlite"])("a ledger in %s", (engine) => {
  const open = () => openNew(engine === "memory:" ? engine : undefined);

  it("gives back every file of every stage byte for byte, whatever is in them", async () => {
    const ledger = await open();
    const text = Buffer.from("0.10 0.20 v u1/Y (INVX1)\n".repeat(300_000));
    const stages = [
      [file("a.rpt", text), file("empty", ""), file("random", randomBytes(3_000_000))],
      [
        file("a.rpt", Buffer.concat([text.subarray(0, 5_000_000), Buffer.from("changed"), text.subarray(5_000_000)])),
        file("same", text),
      ],
      [file("a.rpt", text.subarray(100))],
    ];
    const digests = new Map<string, string>();
    for (const [at, files] of stages.entries()) {
      const result = await capture(ledger, { design: "d", stage: `s${at}` }, files);
      if (!result.ok) throw new Error(result.message);
      for (const each of result.stage.files) digests.set(`s${at} ${each.name}`, each.sha256);
      expect(result.stage.level).toBe(at);
    }
    for (const [key, sha256] of digests) {
      const [stage, name] = key.split(" ") as [string, string];
      expect(
        createHash("sha256")
          .update(await contents(ledger, `d@${stage}`, name))
          .digest("hex"),
      ).toBe(sha256);
    }
    expect(await verify(ledger)).toMatchObject({ ok: true });
  });

  it("stores equal content of one stage once", async () => {
    const ledger = await open();
    const noise = randomBytes(500_000);
    const result = await capture(ledger, { design: "d", stage: "s" }, [file("one", noise), file("two", noise)]);
    expect(result.ok && result.stage.storedBytes).toBeLessThan(600_000);
  });

  it("refuses a second stage of one name, a bad name, two files of one name and an unknown parent, and writes nothing", async () => {
    const ledger = await open();
    await capture(ledger, { design: "d", stage: "s" }, [file("a", "x")]);
    const head = (await verify(ledger)).head;
    expect(await capture(ledger, { design: "d", stage: "s" }, [file("a", "x")])).toMatchObject({
      code: "exists-already",
    });
    expect(await capture(ledger, { design: "d", stage: "../x" }, [file("a", "x")])).toMatchObject({ code: "invalid" });
    expect(await capture(ledger, { design: "d", stage: "t" }, [file("a", "x"), file("a", "y")])).toMatchObject({
      code: "invalid",
    });
    expect(await capture(ledger, { design: "d", stage: "t", parent: "none" }, [file("a", "x")])).toMatchObject({
      code: "not-found",
    });
    expect((await verify(ledger)).head).toBe(head);
  });

  it("answers a retry with the same key by the first result", async () => {
    const ledger = await open();
    const key = newCommandKey(new Date());
    const once = await capture(ledger, { design: "d", stage: "s" }, [file("a", "x")], { key });
    const again = await capture(ledger, { design: "d", stage: "s" }, [file("a", "x")], { key });
    expect(once.ok && again.ok && again.stage.event).toBe(once.ok && once.stage.event);
    const made = await create(ledger, { taskId: "t" }, { key: key.replace(/.$/, "0") });
    const remade = await create(ledger, { taskId: "t" }, { key: key.replace(/.$/, "0") });
    expect(made.ok && remade.ok && remade.checkpoint.checkpointId).toBe(made.ok && made.checkpoint.checkpointId);
  });

  it("keeps what had streamed when a capture fails, and lets its name be taken again", async () => {
    const ledger = await open();
    const broken: CaptureFile = {
      name: "b",
      source: (async function* () {
        yield Buffer.alloc(9_000_000, "streamed before the fault\n");
        throw new Error("the tool died");
      })(),
    };
    await expect(
      capture(ledger, { design: "d", stage: "s" }, [file("a", randomBytes(2_000_000)), broken]),
    ).rejects.toThrow("the tool died");
    let stream = "";
    for await (const event of ledger.store.readAll({ filter: { types: ["CheckpointFailed"] } }))
      stream = (JSON.parse(event.data as string) as { chunks: { stream: string }[] }).chunks[0]!.stream;
    const parts: Uint8Array[] = [];
    for await (const event of ledger.store.readStream(stream)) parts.push(event.data as Uint8Array);
    expect(readFrames(Buffer.concat(parts))[0]).toMatchObject({ file: "a", from: 0, raw: 2_000_000 });
    expect(await capture(ledger, { design: "d", stage: "s" }, [file("a", "x")])).toMatchObject({ ok: true });
    expect(await verify(ledger)).toMatchObject({ ok: true });
  });

  it("refuses a cut report under --strict, and marks it incomplete without", async () => {
    const ledger = await open();
    const cut =
      "Startpoint: a (input port)\nEndpoint: b (output port)\nPath Group: g\nPath Type: max\n\n  Delay    Time   Description\n----\n";
    expect(await capture(ledger, { design: "d", stage: "s", strict: true }, [file("a", cut)])).toMatchObject({
      code: "incomplete-input",
    });
    const table = "# pin\tslack_max\tslack_min\nu1/A\t1.25\t0.5\nu1/Y\t1.";
    for (const text of [table, `${table}5\t0.`])
      expect(await capture(ledger, { design: "d", stage: "p", strict: true }, [file("pins.tsv", text)])).toMatchObject({
        code: "incomplete-input",
        message: expect.stringContaining("byte 40 (line 3)"),
      });
    const whole = `${table}5\t0.5\n`;
    expect(await capture(ledger, { design: "d", stage: "p", strict: true }, [file("pins.tsv", whole)])).toMatchObject({
      ok: true,
      stage: { incomplete: false },
    });
    const kept = await capture(ledger, { design: "d", stage: "s" }, [file("a", cut)]);
    expect(kept).toMatchObject({ ok: true, stage: { incomplete: true }, warnings: [{ endpoint: "b", file: "a" }] });
  });

  it("rolls back to any stage, erases nothing, and shows the ledger as it stood after any event", async () => {
    const ledger = await open();
    for (const stage of ["a", "b", "c"]) await capture(ledger, { design: "d", stage }, [file("x", stage)]);
    const back = await rollback(ledger, { design: "d", to: "a", reason: "hold broke" });
    expect(back).toMatchObject({ ok: true, stage: { stage: "a", head: true } });
    expect(await capture(ledger, { design: "d", stage: "b" }, [file("x", "again")])).toMatchObject({
      ok: true,
      stage: { parent: "a", head: true },
    });
    expect((await contents(ledger, "d@b", "x")).toString()).toBe("again");
    expect((await contents(ledger, "d@b#1", "x")).toString()).toBe("b");
    expect((await contents(ledger, "d@c", "x")).toString()).toBe("c");
    const history = await historyOf(ledger, "d");
    expect(history).toMatchObject({ moves: [{ from: "c", to: "a", by: "ann", reason: "hold broke" }] });
    const before = await historyOf(await replayUntil(ledger, back.ok ? back.event - 1 : 0), "d");
    expect(before.ok && before.stages.find((stage) => stage.head)?.stage).toBe("c");
    expect(await rollback(ledger, { design: "d", to: "none", reason: "r" })).toMatchObject({ code: "not-found" });
    expect(await rollback(ledger, { design: "d", to: "a", reason: "" })).toMatchObject({ code: "invalid" });
  });

  it("tells endpoints that are no longer constrained from those that are not observed", async () => {
    const ledger = await open();
    const pins = (slack: string) =>
      `# pin\tslack_max_rise\tslack_max_fall\nu1/D\t${slack}\tINF\nu2/D\t-1.0\t0.5\nu3/D\t0.1\t0.1\n`;
    await capture(ledger, { design: "d", stage: "a" }, [
      file("end.rpt", endReport({ "u1/D": "-0.5000", "u2/D": "-0.2500", "u3/D": "0.1000" })),
      file("pins.tsv", pins("-0.5")),
    ]);
    await capture(ledger, { design: "d", stage: "b" }, [
      file("end.rpt", endReport({ "u3/D": "-0.3000", "u4/D": "1.0000" })),
      file("pins.tsv", pins("INF")),
    ]);
    const diff = await diffStages(ledger, "d@a", "d@b");
    expect(diff).toMatchObject({
      ok: true,
      types: [
        {
          type: "max",
          tns: [-0.75, -0.3],
          both: 1,
          worse: 1,
          beganToViolate: 1,
          appeared: 1,
          noLongerConstrained: 1,
          noLongerConstrainedTns: -0.5,
          notObserved: 1,
          worst: [{ endpoint: "u3/D", change: -0.4 }],
        },
      ],
    });
  });

  it("merges a task's data by key, replaces it when told, and keeps it out of the chained events", async () => {
    const ledger = await open();
    const made = await create(ledger, { taskId: "build", data: { secret: "s3cr3t", kept: 1 } });
    if (!made.ok) throw new Error(made.message);
    const id = made.checkpoint.checkpointId;
    expect(await update(ledger, id, { data: { more: 2 }, stepNumber: 2 })).toMatchObject({
      ok: true,
      checkpoint: { state: "active", stepNumber: 2, data: { secret: "s3cr3t", kept: 1, more: 2 } },
    });
    expect(await update(ledger, id, { data: { only: 3 }, replace: true })).toMatchObject({
      ok: true,
      checkpoint: { data: { only: 3 } },
    });
    expect(await complete(ledger, id, { data: { result: "ok" } })).toMatchObject({
      ok: true,
      checkpoint: { state: "completed", data: { only: 3, result: "ok" } },
    });
    expect(await fail(ledger, id, { error: { message: "late" } })).toMatchObject({ code: "transition-refused" });
    expect(await restore(ledger, id, { reason: "again" })).toMatchObject({
      ok: true,
      checkpoint: { state: "restored" },
    });
    expect(await getCheckpoint(ledger, "cp_none_1_1-a")).toMatchObject({ code: "not-found" });
    expect(await update(ledger, id, { stepNumber: 0 })).toMatchObject({
      code: "invalid",
      message: expect.stringContaining("stepNumber"),
    });
    for await (const event of ledger.store.readAll()) expect(event.data).not.toContain("s3cr3t");
    expect(await verify(ledger)).toMatchObject({ ok: true });
  });

  it("rebuilds read models equal to those that followed, whatever happened", async () => {
    const command = fc.oneof(
      fc.record({
        verb: fc.constant("capture" as const),
        design: fc.constantFrom("d", "e"),
        stage: fc.constantFrom("a", "b", "c", "x"),
      }),
      fc.record({
        verb: fc.constant("rollback" as const),
        design: fc.constantFrom("d", "e"),
        stage: fc.constantFrom("a", "b", "c", "x"),
      }),
      fc.record({
        verb: fc.constant("create" as const),
        task: fc.constantFrom("t", "u"),
        worker: fc.constantFrom("w1", "w2"),
      }),
      fc.record({
        verb: fc.constantFrom("update" as const, "complete" as const, "fail" as const, "restore" as const),
        pick: fc.nat(20),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25 }), async (commands) => {
        const ledger = await open();
        const ids: string[] = [];
        for (const each of commands) {
          if (each.verb === "capture") await capture(ledger, each, [file("a", each.stage)]);
          else if (each.verb === "rollback")
            await rollback(ledger, { design: each.design, to: each.stage, reason: "r" });
          else if (each.verb === "create") {
            const made = await create(ledger, { taskId: each.task, workerId: each.worker, data: { n: ids.length } });
            if (made.ok) ids.push(made.checkpoint.checkpointId);
          } else if (ids.length > 0) {
            const id = ids[each.pick % ids.length]!;
            if (each.verb === "update") await update(ledger, id, { stepNumber: 1 + each.pick });
            else if (each.verb === "complete") await complete(ledger, id, {});
            else if (each.verb === "fail") await fail(ledger, id, { error: { message: "m" } });
            else await restore(ledger, id, {});
          }
        }
        await ledger.readModels.refresh();
        const kept = dumpReadModels(ledger);
        await ledger.readModels.rebuild();
        expect(dumpReadModels(ledger)).toEqual(kept);
        const result = await verify(ledger);
        expect(result.ok && kept["rm_tree"]).toBeTruthy();
        await ledger.close();
      }),
      { numRuns: 12 },
    );
  });
});

describe("a ledger on disk", () => {
  it("keeps its read models right while two processes change the same checkpoints in turn", async () => {
    const path = join(temporaryFolder(), "ledger.db");
    const both = [await openNew(`sqlite:${path}`), await openNew(`sqlite:${path}`)] as const;
    const ids: string[] = [];
    for (let at = 0; at < 40; at++) {
      const ledger = both[(at * 7 + (at >> 2)) % 2]!;
      if (at % 8 === 0) {
        const made = await create(ledger, { taskId: "t" });
        if (made.ok) ids.push(made.checkpoint.checkpointId);
      } else await update(ledger, ids[at % ids.length]!, { stepNumber: at, stepDescription: `step ${at}` });
    }
    await both[0].readModels.refresh();
    const kept = dumpReadModels(both[0]);
    await both[1].readModels.rebuild();
    expect(dumpReadModels(both[0])).toEqual(kept);
    expect(await verify(both[1])).toMatchObject({ ok: true });
  });

  it("clears away what a killed rebuild left when it is next opened, but not the file of one that runs", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "ledger.db");
    const ledger = await openNew(`sqlite:${path}`);
    const [dead, running] = [
      `${path}-read-models.rebuild-999999999-a`,
      `${path}-read-models.rebuild-${process.ppid}-b`,
    ];
    for (const each of [dead, running]) writeFileSync(each, "");
    await ledger.readModels.refresh();
    expect(readdirSync(folder).filter((name) => name.includes("rebuild"))).toEqual([basename(running)]);
  });

  it("is the same ledger to a second process's eyes, and names the event that was changed", async () => {
    const path = join(temporaryFolder(), "ledger.db");
    const ledger = await openNew(`sqlite:${path}`);
    await capture(ledger, { design: "d", stage: "s" }, [{ name: "a", source: only("text") }]);
    const other = await openNew(`sqlite:${path}`);
    expect(await listDesigns(other)).toEqual([{ design: "d", head: "s", stages: 1 }]);
    const { head } = await verify(other);
    expect(await verify(other, { expectHead: head })).toMatchObject({ ok: true });
    expect(await verify(other, { expectHead: `3-${"0".repeat(64)}` })).toMatchObject({ ok: false });
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    database.exec(`UPDATE events SET data = replace(data, '"stage":"s"', '"stage":"t"') WHERE type = 'StageCommitted'`);
    database.close();
    expect(await verify(other)).toMatchObject({ ok: false, type: "StageCommitted", stream: "design-d" });
  });
});
