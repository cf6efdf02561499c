import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { copyLedger } from "../../../src/ledger/copy.js";
import type { Ledger } from "../../../src/ledger/ledger.js";
import { lastEventNumber } from "../../../src/ledger/event-view.js";
import { openLedger } from "../../../src/open-ledger.js";
import { bin } from "../../cli/built-ckpt.js";
import { newPostgresLedger, postgresUrl } from "../../store/postgres/postgres-ledger.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { fillLedger, keptByCopy } from "../ledger-events.js";

async function open(url: string, inspect = false): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann", folder: temporaryFolder(), inspect });
  onTestFinished(() => ledger.close());
  return ledger;
}

describe.skipIf(postgresUrl === null)("a ledger that goes to PostgreSQL and back", () => {
  it("is the same to the last byte, although the copying process was killed half-way", async () => {
    const folder = temporaryFolder();
    const sourceUrl = `sqlite:${join(folder, "source.db")}`;
    const source = await open(sourceUrl);
    await fillLedger(source, 400);
    const url = newPostgresLedger();
    const server = await open(url, true);
    let kills = 0;
    for (const portion of [0.05, 0.4]) {
      const child = spawn(process.execPath, [bin, "copy", "--from", sourceUrl, "--to", url], { stdio: "ignore" });
      const ended = once(child, "exit");
      const wanted = portion * (await lastEventNumber(source));
      for await (const message of server.store.subscribe())
        if (message.kind === "event" && message.event.number! >= wanted) break;
      child.kill("SIGKILL");
      const [, signal] = (await ended) as [number | null, string | null];
      if (signal === "SIGKILL") kills++;
    }
    expect(kills).toBeGreaterThan(0);
    const there = await copyLedger(source, server);
    expect(there).toMatchObject({ ok: true, same: true });
    const back = await open(`sqlite:${join(folder, "back.db")}`, true);
    expect(await copyLedger(server, back)).toMatchObject({ ok: true, same: true, before: 0 });
    const kept = await keptByCopy(source.store);
    expect(await keptByCopy(server.store)).toEqual(kept);
    expect(await keptByCopy(back.store)).toEqual(kept);
  });
});
