/** Rebuilding all read models, and verifying beside its SHA-256 calls alone, over a log of task checkpoints. */
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ledger, openLedger, verify } from "../src/index.js";
import type { BenchArguments, Figures } from "./bench.js";
import { fillWithTasks } from "./task-ledger.js";

/** Events whose hashes are taken in one go. */
const hashedAtOnce = 10_000;

export async function bench({ events = "100000", each = "10" }: BenchArguments): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`, { actor: "bench" });
  try {
    await fillWithTasks(ledger, Number(events), Number(each));
    await ledger.readModels.refresh();
    const read = await timed(async () => {
      for await (const _ of ledger.store.readAll());
    });
    const rebuild = await timed(() => ledger.readModels.rebuild());
    const verifying = await timed(async () => void (await verify(ledger)));
    const hashing = await hashesAlone(ledger);
    const result = await verify(ledger);
    const perSecond = (ms: number) => result.events / (ms / 1000);
    return {
      events: result.events,
      readEventsPerSecond: perSecond(read.ms),
      readEventsPerCpuSecond: perSecond(read.cpuMs),
      rebuildEventsPerSecond: perSecond(rebuild.ms),
      rebuildEventsPerCpuSecond: perSecond(rebuild.cpuMs),
      verifyEventsPerSecond: perSecond(verifying.ms),
      verifyEventsPerCpuSecond: perSecond(verifying.cpuMs),
      sha256EventsPerCpuSecond: perSecond(hashing.cpuMs),
      verifyOfSha256: hashing.cpuMs / verifying.cpuMs,
      verifies: String(result.ok),
    };
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
}

interface Times {
  readonly ms: number;
  /** Of all threads of the process: what counts where others share the cores. */
  readonly cpuMs: number;
}

async function timed(work: () => Promise<void>): Promise<Times> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  return { ms: performance.now() - start, cpuMs: cpuMsSince(cpu) };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The three SHA-256 that an event costs verify (data, event, tree), on the same bytes, on one thread, without reading. */
async function hashesAlone({ store }: Ledger): Promise<Times> {
  const node = Buffer.alloc(65, 1);
  let [ms, cpuMs] = [0, 0];
  let page: [data: string | Uint8Array, event: string][] = [];
  const take = () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    for (const [data, event] of page) {
      hash("sha256", data);
      hash("sha256", event);
      hash("sha256", node, "buffer");
    }
    ms += performance.now() - start;
    cpuMs += cpuMsSince(cpu);
    page = [];
  };
  for await (const { id, stream, revision, type, data, metadata } of store.readAll()) {
    page.push([data, `\0ckpt-event-1\n${id}\n${stream}\n${revision}\n${type}\n${metadata.slice(0, -75)}}`]);
    if (page.length === hashedAtOnce) take();
  }
  take();
  return { ms, cpuMs };
}
