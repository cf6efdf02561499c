import { afterEach, beforeEach, expect, it } from "vitest";
import { capture } from "../../src/ledger/capture.js";
import { create, getCheckpoint } from "../../src/ledger/checkpoint-commands.js";
import { historyOf } from "../../src/ledger/history.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { rollback } from "../../src/ledger/rollback.js";
import { findStage, openStage } from "../../src/ledger/stage-access.js";
import { verify } from "../../src/ledger/verify.js";
import { subscribe } from "../../src/ledger/subscribe.js";
import { openLedger } from "../../src/open-ledger.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";

let double: EventStoreDouble;
const opened: Ledger[] = [];
beforeEach(async () => {
  double = await startDouble();
});
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
  double.stop();
});

async function open(name = "chip7", options = {}): Promise<Ledger> {
  const ledger = await openLedger(`${double.url}&ledger=${name}`, { actor: "ann", cacheBytesMax: 0, ...options });
  opened.push(ledger);
  return ledger;
}

async function* only(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function read(ledger: Ledger, reference: string): Promise<string> {
  const found = await findStage(ledger, reference);
  if (!found.ok) throw new Error(found.message);
  const parts: Uint8Array[] = [];
  for await (const bytes of (await openStage(ledger, found.row)).stream("notes")) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

it("a ledger on EventStoreDB captures, rolls back and verifies, and another process sees the same", async () => {
  const ledger = await open();
  for (const stage of ["s0", "s1"])
    expect(
      await capture(ledger, { design: "d", stage }, [{ name: "notes", source: only(`of ${stage}\n`.repeat(1000)) }]),
    ).toMatchObject({ ok: true });
  const moved = await rollback(ledger, { design: "d", to: "s0", reason: "hold broke" });
  expect(moved).toMatchObject({ ok: true });
  const task = await create(ledger, { taskId: "t", data: { rows: 7 } });
  if (!task.ok) throw new Error(task.message);

  const other = await open();
  await other.readModels.refresh();
  await ledger.readModels.refresh();
  expect(await read(other, "d@s1")).toBe("of s1\n".repeat(1000));
  expect(await historyOf(other, "d")).toEqual(await historyOf(ledger, "d"));
  expect(await getCheckpoint(other, task.checkpoint.checkpointId)).toMatchObject({ ok: true });
  const verified = await verify(other);
  expect(verified).toMatchObject({ ok: true });
  expect(await verify(ledger)).toEqual(verified);
});

it("a ledger on EventStoreDB is watched from an event number, live", async () => {
  const ledger = await open();
  await create(ledger, { taskId: "t" });
  const seen: number[] = [];
  const subscribed = await subscribe(await open(), { after: 1, states: ["created"] });
  if (!subscribed.ok) throw new Error(subscribed.message);
  for await (const message of subscribed.feed) {
    if (message.kind === "event") seen.push(message.event.event);
    else await create(ledger, { taskId: "u" });
    if (seen.length === 2) break;
  }
  expect(seen).toEqual([2, 3]);
});

it("a ledger that is not on the server is not made by a reader", async () => {
  await open("one");
  await expect(open("two", { create: false })).rejects.toMatchObject({ code: "not-a-ledger" });
  expect([...double.log.streams.keys()]).toEqual(["one/ledger"]);
});
