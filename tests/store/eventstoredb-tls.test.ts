import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { EventStoreDbEventStore } from "../../src/store/eventstoredb/eventstoredb-event-store.js";
import { all, event } from "./event-store.contract.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";
import { numbered } from "./numbered.js";

/** Signed by itself, for this run. */
const pems = await generate([{ name: "commonName", value: "localhost" }], {
  algorithm: "sha256",
  extensions: [
    {
      name: "subjectAltName",
      altNames: [
        { type: 2, value: "localhost" },
        { type: 7, ip: "127.0.0.1" },
      ],
    },
  ],
});
const certificateFile = join(mkdtempSync(join(tmpdir(), "ckpt-tls-")), "localhost.pem");
writeFileSync(certificateFile, pems.cert);
afterAll(() => rmSync(dirname(certificateFile), { recursive: true }));
const certificate = { private_key: Buffer.from(pems.private), cert_chain: Buffer.from(pems.cert) };
const append = { stream: "s", expected: "no_stream", events: [event()] } as const;
const basic = `Basic ${Buffer.from("ann:p@ss:word/1").toString("base64")}`;
const credentials = "ann:p%40ss%3Aword%2F1";

const stores: EventStoreDbEventStore[] = [];
let double: EventStoreDouble;
beforeEach(async () => {
  double = await startDouble({ certificate });
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  double.stop();
});

function open(url: string): EventStoreDbEventStore {
  const store = new EventStoreDbEventStore({ url, limits: { tryMs: 500, totalMs: 1000, pauseMs: 10 } });
  stores.push(store);
  return store;
}

it.each(["esdb", "esdb+discover"])(
  "talks TLS with a server whose certificate the URL names, and shows it the user's credentials: %s",
  async (scheme) => {
    const ca = encodeURIComponent(certificateFile);
    const store = open(`${scheme}://${credentials}@localhost:${double.port}?tlsCAFile=${ca}`);
    expect(await numbered(store, store.append(append))).toMatchObject({ ok: true, number: 1 });
    expect(await all(store.readAll())).toHaveLength(1);
    const { authorizations } = double.faults;
    expect([authorizations.get("batchAppend"), authorizations.get("read")]).toEqual([basic, basic]);
  },
);

it("does not talk to a server whose certificate nobody vouches for", async () => {
  const store = open(`esdb://${credentials}@localhost:${double.port}`);
  await expect(store.append(append)).rejects.toMatchObject({ code: "store-unavailable" });
  expect(double.log.all).toHaveLength(0);
  expect(double.faults.authorizations.size).toBe(0);
});

it("says which file is missing when the URL names a certificate that is not there", async () => {
  const store = open(`esdb://localhost:${double.port}?tlsCAFile=nowhere.pem`);
  await expect(store.append(append)).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringContaining("certificate file") as unknown,
  });
});

it("sends no credentials over a connection without TLS", async () => {
  const plain = await startDouble();
  const store = open(plain.url.replace("//", `//${credentials}@`));
  expect(await store.append(append)).toMatchObject({ ok: true });
  expect(new Set(plain.faults.authorizations.values())).toEqual(new Set([""]));
  plain.stop();
});
