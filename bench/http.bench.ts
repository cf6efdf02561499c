/**
 * Creating and updating checkpoints over REST on a thousand kept connections: as fast as the answers come, and at a
 * fixed rate of 3,000 requests a second. The service has a process of its own; this one makes the load.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { BenchArguments, Figures } from "./bench.js";
import { HttpConnection } from "./http/http-connection.js";
import { load, quantile } from "./rounds.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const pacedPerSecond = 3000;
const stepDescription = "x".repeat(300);

export async function bench({ connections = "1000", requests = "10" }: BenchArguments): Promise<Figures> {
  return await inTemporaryFolder(async (folder) => {
    const script = fileURLToPath(new URL("http/serving-process.js", import.meta.url));
    const service = spawn(process.execPath, [script, `${folder}/ledger.db`], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(service, "exit");
    try {
      const line = await createInterface({ input: service.stdout })[Symbol.asyncIterator]().next();
      if (line.done) throw new Error("the service did not start");
      return await measure(line.value, Number(connections), Number(requests));
    } finally {
      service.kill();
      await ended;
    }
  });
}

/** Sends the `turn`th request of one connection. */
type Send = (turn: number) => Promise<unknown>;

async function measure(url: string, count: number, requests: number): Promise<Figures> {
  const connections = await Promise.all(Array.from({ length: count }, async () => await HttpConnection.open(url)));
  const ids: string[] = [];
  const creators = connections.map((connection, which): Send => async (turn) => {
    const body = { taskId: `bench-${which}`, stepNumber: turn + 1, stepDescription };
    const answer = await connection.send("POST", "/api/checkpoints", body);
    ids[which] = (JSON.parse(answer.body) as { checkpointId: string }).checkpointId;
  });
  const updaters = connections.map((connection, which): Send => async (turn) => {
    await connection.send("PUT", `/api/checkpoints/${ids[which]}`, { stepNumber: turn + 1, stepDescription });
  });
  // The first requests meet code that is not compiled yet.
  for (const senders of [creators, updaters]) await asFastAsAnswered("warm", senders, 3);
  const figures = {
    ...(await asFastAsAnswered("create", creators, requests)),
    ...(await asFastAsAnswered("update", updaters, requests)),
    ...(await paced("create", creators, requests)),
    ...(await paced("update", updaters, requests)),
    ...load(),
  };
  for (const connection of connections) connection.close();
  return figures;
}

/** Every connection sends its next request as soon as it has an answer. */
async function asFastAsAnswered(name: string, senders: readonly Send[], requests: number): Promise<Figures> {
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(
    senders.map(async (send) => {
      for (let turn = 0; turn < requests; turn++) {
        const began = performance.now();
        await send(turn);
        times.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  return {
    [`${name}PerSecond`]: times.length / seconds,
    [`${name}MsMiddle`]: quantile(times, 0.5),
    [`${name}Ms99`]: quantile(times, 0.99),
  };
}

/** The connections take turns at a fixed rate; a request's time counts from when it was due. */
async function paced(name: string, senders: readonly Send[], requests: number): Promise<Figures> {
  const times: number[] = [];
  const start = performance.now();
  const periodMs = (senders.length / pacedPerSecond) * 1000;
  await Promise.all(
    senders.map(async (send, which) => {
      for (let turn = 0; turn < requests; turn++) {
        const due = start + (turn + which / senders.length) * periodMs;
        const early = due - performance.now();
        if (early > 0) await pause(early);
        await send(turn);
        times.push(performance.now() - due);
      }
    }),
  );
  const rate = times.length / ((performance.now() - start) / 1000);
  return {
    [`${name}PacedPerSecond`]: rate,
    [`${name}PacedMsMiddle`]: quantile(times, 0.5),
    [`${name}PacedMs99`]: quantile(times, 0.99),
  };
}
