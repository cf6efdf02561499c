/**
 * Writers, a live subscription and captures while commands strike their server, then whether every promise was kept.
 * `--url` names a ledger's server; `--kill` and `--restart` are shell commands, given the cluster's leader in LEADER
 * (`host:port`); `--input FILE` is captured again and again by `ckpt`, each capture repeated with its key until it is
 * done. Times are milliseconds after the kill, `…AfterLeader` after the last change of leaders before writers
 * went on, as the cluster's gossip tells it.
 *
 * npm run bench -- faults --url esdb://a,b,c --kill 'ssh ${LEADER%:*} systemctl kill -s KILL eventstore' --restart '…'
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { openLedger } from "../src/index.js";
import type { StoredEvent } from "../src/store/event-store.js";
import type { BenchArguments, Figures } from "./bench.js";
import { ClusterLeader } from "./cluster-leader.js";
import { FaultCaptures } from "./fault-captures.js";
import { type Acknowledged, brokenPromises, FaultLoad, type LoadRecord } from "./fault-load.js";

export async function bench(options: BenchArguments): Promise<Figures> {
  const { url, kill, restart, input, writers = "64", before = "8", down = "15", after = "20" } = options;
  if (!url || !kill) throw new Error("name a server and what strikes it: --url URL --kill COMMAND");
  const name = `faults-${randomUUID().slice(0, 8)}`;
  const ledgerUrl = (which: string) => `${url}${url.includes("?") ? "&" : "?"}ledger=${name}-${which}`;
  const cluster = new ClusterLeader(url);
  const ledger = await openLedger(ledgerUrl("writers"), { actor: "bench" });
  const load = new FaultLoad(ledger.store, Number(writers));
  const captures = input ? new FaultCaptures(ledgerUrl("captures"), input) : null;
  try {
    await delay(Number(before) * 1000);
    const leader = cluster.leader ?? "";
    const killed = performance.now();
    await shell(kill, leader);
    await delay(Number(down) * 1000);
    if (restart) await shell(restart, leader);
    await delay(Number(after) * 1000);
    const captured = (await captures?.stop()) ?? {};
    const record = await load.stop();
    const fresh = await openLedger(ledgerUrl("writers"), { create: false });
    const log: StoredEvent[] = [];
    for await (const event of fresh.store.readAll()) log.push(event);
    await fresh.close();
    const broken = brokenPromises(log, record);
    for (const { at, leader: next } of cluster.changes)
      process.stderr.write(`${Math.round(at - killed)} ms: ${next ?? "nobody"} leads\n`);
    for (const text of broken.slice(0, 20)) process.stderr.write(`${text}\n`);
    return { ...figuresOf(record, cluster, killed), events: log.length, brokenPromises: broken.length, ...captured };
  } finally {
    captures?.end();
    await cluster.stop();
    await ledger.close();
  }
}

function figuresOf({ acknowledged, givenUp }: LoadRecord, { changes }: ClusterLeader, killed: number): Figures {
  const pauses = acknowledged.map((own) => longestPause(own, killed));
  const silence = longestPause(
    acknowledged.flat().toSorted((a, b) => a.at - b.at),
    killed,
  );
  const leads = changes.findLast(({ at, leader }) => at > killed && at < silence.until && leader !== null)?.at;
  const goesOn = Math.max(...pauses.map(({ until }) => until));
  return {
    acknowledged: acknowledged.flat().length,
    givenUp,
    ...(leads === undefined
      ? {}
      : {
          newLeaderMs: leads - killed,
          firstAfterLeaderMs: silence.until - leads,
          lastWriterAfterLeaderMs: goesOn - leads,
        }),
    firstGoesOnMs: silence.until - killed,
    lastWriterGoesOnMs: goesOn - killed,
  };
}

/** The longest time between two answers that ended after the kill, and when it ended. */
function longestPause(told: readonly Acknowledged[], killed: number): { ms: number; until: number } {
  let longest = { ms: 0, until: 0 };
  for (const [index, { at: until }] of told.entries()) {
    const ms = index === 0 || until < killed ? 0 : until - told[index - 1]!.at;
    if (ms > longest.ms) longest = { ms, until };
  }
  return longest;
}

async function shell(command: string, leader: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile("/bin/sh", ["-c", command], { env: { ...process.env, LEADER: leader } }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
