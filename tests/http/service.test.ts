import { readFile } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { serve } from "../../src/http/serve.js";
import { capture } from "../../src/ledger/capture.js";
import { create } from "../../src/ledger/checkpoint-commands.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { openLedger } from "../../src/open-ledger.js";
import { appendAs } from "../ledger/append-as.js";

async function start(): Promise<{ url: string; ledger: Ledger }> {
  const ledger = await openLedger("memory:", { actor: "ann" });
  const service = await serve(ledger, { port: 0 });
  onTestFinished(async () => {
    await service.close();
    await ledger.close();
  });
  return { url: service.url, ledger };
}

it("is degraded while events are parked, and says how far its read models are behind", async () => {
  const { url, ledger } = await start();
  const made = await create(ledger, { taskId: "build" });
  if (!made.ok) throw new Error(made.message);
  expect(await call(`${url}/health`)).toMatchObject({ status: 200, json: { status: "ok" } });
  await appendAs(ledger, made.checkpoint.checkpointId, "CheckpointProgressed", 99);
  const metrics = await call(`${url}/api/checkpoints/metrics`);
  expect(metrics.json["log"]).toMatchObject({ number: 3 });
  expect(metrics.json["readModels"]).toContainEqual(
    expect.objectContaining({ name: "checkpoints", number: 2, lagEvents: 1, parked: 0 }),
  );
  const health = await call(`${url}/health`);
  expect(health).toMatchObject({ status: 200, json: { status: "degraded" } });
  expect(health.json["readModels"]).toContainEqual(
    expect.objectContaining({ name: "checkpoints", lagEvents: 0, parked: 1, stopped: false }),
  );
});

async function call(url: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    json: (await response.json()) as Record<string, never>,
  };
}

it("carries a task's checkpoint through its life over the eleven routes", async () => {
  const { url } = await start();
  const made = await call(
    `${url}/api/checkpoints`,
    "POST",
    { taskId: "build", workerId: "w1", data: { seed: 7 } },
    { "x-actor": "agent" },
  );
  expect(made).toMatchObject({ status: 201, json: { state: "created", data: { seed: 7 } } });
  const one = `${url}/api/checkpoints/${String(made.json["checkpointId"])}`;
  expect(await call(one)).toMatchObject({ status: 200, json: { taskId: "build" } });
  expect(await call(one, "PUT", { stepNumber: 2, data: { done: 1 } })).toMatchObject({
    status: 200,
    json: { state: "active", data: { seed: 7, done: 1 } },
  });
  expect(await call(`${one}/fail`, "POST", { error: { message: "oom" } })).toMatchObject({
    status: 200,
    json: { state: "failed" },
  });
  expect(await call(`${one}/restore`, "POST", {})).toMatchObject({ status: 200, json: { state: "restored" } });
  expect(await call(`${one}/complete`, "POST")).toMatchObject({ status: 200, json: { state: "completed" } });
  for (const list of ["tasks/build/checkpoints", "workers/w1/checkpoints", "checkpoints/state/completed"])
    expect((await call(`${url}/api/${list}`)).json["checkpoints"]).toHaveLength(1);
  expect(await call(`${url}/api/checkpoints/summary`)).toMatchObject({ json: { total: 1, byState: { completed: 1 } } });
  expect((await call(`${url}/api/checkpoints/metrics`)).status).toBe(200);
});

it("gives the captured paths of a stage, a page at a time, by filter", async () => {
  const { url, ledger } = await start();
  const bytes = await readFile(new URL("../data/reports/2.0.17-fields_all.rpt", import.meta.url));
  const source = (async function* () {
    yield bytes;
  })();
  await capture(ledger, { design: "lane", stage: "cts" }, [{ name: "max.rpt", source }]);
  const paths = `${url}/api/designs/lane/stages/cts/paths`;
  const first = await call(`${paths}?limit=2&type=max`);
  expect(first).toMatchObject({ status: 200, json: { paths: [{ file: "max.rpt", type: "max" }, {}] } });
  const next = await call(`${paths}?limit=1000&type=max&cursor=${String(first.json["next"])}`);
  expect(next.json["next"]).toBeNull();
  const pathsOf = ({ json }: { json: Record<string, unknown> }) => json["paths"] as { endpoint: string }[];
  const { endpoint } = pathsOf(first)[0]!;
  const ending = await call(`${paths}?endpoint=${encodeURIComponent(endpoint)}`);
  expect(pathsOf(ending).map((path) => path.endpoint)).toContain(endpoint);
  expect(await call(`${paths}?limit=0`)).toMatchObject({ status: 400, json: { code: "invalid" } });
  expect(await call(`${paths}?slackMax=`)).toMatchObject({ status: 400 });
  expect(await call(`${paths}?color=red`)).toMatchObject({ status: 400 });
});

it("refuses as problem+json: what, why, what is allowed, what to do", async () => {
  const { url } = await start();
  const bad = await call(`${url}/api/checkpoints`, "POST", { taskId: 5, colour: "red" });
  expect(bad).toMatchObject({
    status: 400,
    type: expect.stringContaining("application/problem+json"),
    json: { code: "invalid", detail: expect.stringContaining("taskId") },
  });
  expect(await call(`${url}/api/checkpoints/cp_none_1_1-a`)).toMatchObject({ status: 404 });
  expect(await call(`${url}/api/checkpoints/state/lost`)).toMatchObject({ status: 400 });
  expect(await call(`${url}/api/tasks/t/checkpoints?limit=-1`)).toMatchObject({ status: 400 });
  const made = await call(`${url}/api/checkpoints`, "POST", { taskId: "t" });
  const one = `${url}/api/checkpoints/${String(made.json["checkpointId"])}`;
  await call(`${one}/complete`, "POST", {});
  expect(await call(`${one}/complete`, "POST", {})).toMatchObject({
    status: 409,
    json: { allowed: expect.arrayContaining(["restore"]) },
  });
  expect(await call(`${url}/nowhere`)).toMatchObject({
    status: 404,
    type: expect.stringContaining("application/problem+json"),
  });
});

it("answers a repeated Idempotency-Key by the first result", async () => {
  const { url } = await start();
  const headers = { "idempotency-key": "01980000-0000-7000-8000-00000000abcd" };
  const first = await call(`${url}/api/checkpoints`, "POST", { taskId: "t" }, headers);
  const second = await call(`${url}/api/checkpoints`, "POST", { taskId: "t" }, headers);
  expect(second.json["checkpointId"]).toBe(first.json["checkpointId"]);
  expect(await call(`${url}/api/checkpoints`, "POST", { taskId: "t" }, { "idempotency-key": "x" })).toMatchObject({
    status: 400,
  });
});

it("streams events with resume, and moves a design's head", async () => {
  const { url, ledger } = await start();
  for (const stage of ["a", "b"])
    await capture(ledger, { design: "lane", stage }, [
      {
        name: "x",
        source: (async function* () {
          yield Buffer.from(stage);
        })(),
      },
    ]);
  expect(await call(`${url}/api/designs/lane/rollback`, "POST", { to: "a", reason: "r" })).toMatchObject({
    status: 200,
    json: { stage: "a", head: true },
  });
  expect(await call(`${url}/api/designs/lane`)).toMatchObject({
    json: { stages: [{ stage: "a", head: true }, { stage: "b" }] },
  });
  expect(await call(`${url}/api/designs/lane/stages/b`)).toMatchObject({ json: { stage: "b", head: false } });
  expect(await call(`${url}/health`)).toMatchObject({ status: 200, json: { status: "ok" } });
  const controller = new AbortController();
  const response = await fetch(`${url}/api/events`, { headers: { "last-event-id": "9" }, signal: controller.signal });
  const reader = response.body!.getReader();
  let text = "";
  while (!text.includes("caught-up")) text += Buffer.from((await reader.read()).value ?? []).toString();
  controller.abort();
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  expect(ids).toEqual([10, 11]);
  const document = (await call(`${url}/docs-json`)).json as unknown as {
    paths: Record<string, Record<string, { requestBody?: unknown }>>;
  };
  expect(document.paths["/api/checkpoints"]!["post"]!.requestBody).toBeDefined();
});
