import { describe, expect, it, onTestFinished } from "vitest";
import { capture, type CaptureFile } from "../../../src/ledger/capture.js";
import { create, getCheckpoint, update } from "../../../src/ledger/checkpoint-commands.js";
import { historyOf } from "../../../src/ledger/history.js";
import type { Ledger } from "../../../src/ledger/ledger.js";
import { rollback } from "../../../src/ledger/rollback.js";
import { findStage, openStage } from "../../../src/ledger/stage-access.js";
import { verify } from "../../../src/ledger/verify.js";
import { openLedger } from "../../../src/open-ledger.js";
import { asOther, newPostgresLedger, postgresUrl } from "../../store/postgres/postgres-ledger.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { dumpReadModels } from "../dump-read-models.js";

async function open(url: string, folder = temporaryFolder()): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann", folder });
  onTestFinished(() => ledger.close());
  return ledger;
}

async function* only(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const file = (name: string, text: string): CaptureFile => ({ name, source: only(text) });

describe.skipIf(postgresUrl === null)("a ledger in PostgreSQL", () => {
  it("keeps stages byte for byte, rolls back, verifies, and another machine sees the same", async () => {
    const url = newPostgresLedger();
    const here = await open(url);
    const text = "0.10 0.20 v u1/Y (INVX1)\n".repeat(200_000);
    for (const stage of ["place", "cts"])
      expect(await capture(here, { design: "lane", stage }, [file("a.rpt", text + stage)])).toMatchObject({ ok: true });
    expect(await rollback(here, { design: "lane", to: "place", reason: "hold" })).toMatchObject({ ok: true });
    const there = await open(url);
    expect(await historyOf(there, "lane")).toEqual(await historyOf(here, "lane"));
    const found = await findStage(there, "lane@cts");
    if (!found.ok) throw new Error(found.message);
    const parts: Uint8Array[] = [];
    for await (const bytes of (await openStage(there, found.row)).stream("a.rpt")) parts.push(bytes);
    expect(Buffer.concat(parts).toString()).toBe(`${text}cts`);
    const before = dumpReadModels(there);
    await there.readModels.rebuild();
    expect(dumpReadModels(there)).toEqual(before);
    expect(await verify(there)).toMatchObject({ ok: true });
  });

  it("takes the commands of several machines and processes at once, none lost", async () => {
    const url = newPostgresLedger();
    const shared = temporaryFolder();
    const ledgers = await Promise.all([open(url, shared), open(url, shared), open(url)]);
    const made = await create(ledgers[0], { taskId: "build", stepNumber: 1, stepDescription: "place" });
    if (!made.ok) throw new Error(made.message);
    const { checkpointId } = made.checkpoint;
    await Promise.all(
      ledgers.map(async (ledger, machine) => {
        for (let at = 0; at < 8; at++) {
          const updated = await update(ledger, checkpointId, { metadata: { [`m${machine}-${at}`]: at } });
          expect(updated).toMatchObject({ ok: true });
        }
      }),
    );
    const found = await getCheckpoint(ledgers[2], checkpointId);
    expect(found.ok && Object.keys(found.checkpoint.metadata)).toHaveLength(24);
    expect(await verify(ledgers[1])).toMatchObject({ ok: true });
  });

  it("that was dropped and made anew is not taken for the one before", async () => {
    const url = newPostgresLedger();
    const folder = temporaryFolder();
    const before = await open(url, folder);
    await create(before, { taskId: "build", stepNumber: 1, stepDescription: "place" });
    const name = /ledger=(.*)$/.exec(url)![1]!;
    await asOther(async (client) => void (await client.query(`DROP SCHEMA "${name}" CASCADE`)));
    const after = await open(url, folder);
    await after.readModels.refresh();
    expect(after.readModels.status().every((each) => each.number === 1)).toBe(true);
    const refused = create(before, { taskId: "build", stepNumber: 1, stepDescription: "place" });
    await expect(refused).rejects.toThrow("another ledger");
  });
});
