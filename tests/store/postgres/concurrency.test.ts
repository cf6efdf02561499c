import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Client } from "pg";
import type { StoredEvent } from "../../../src/store/event-store.js";
import { appendValues } from "../../../src/store/postgres/append-values.js";
import { openPostgresEventStore, type PostgresEventStore } from "../../../src/store/postgres/postgres-event-store.js";
import { all, event } from "../event-store.contract.js";
import { asOther, inDatabase, newPostgresLedger, postgresUrl } from "./postgres-ledger.js";
import { numbered } from "../numbered.js";

async function openStore(url: string, waitMsMax = 20_000): Promise<PostgresEventStore> {
  const store = await openPostgresEventStore({ url, create: true, waitMsMax });
  onTestFinished(async () => await store.close());
  return store;
}

/** A transaction that writes and is left open, on a connection of its own. */
async function openTransaction(server = postgresUrl!): Promise<{ pid: number; end: () => Promise<void> }> {
  const client = new Client(server);
  await client.connect();
  await client.query("BEGIN; SELECT pg_current_xact_id()");
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  let open = true;
  const end = async () => {
    if (open) await client.end();
    open = false;
  };
  onTestFinished(end);
  return { pid: rows[0]!.pid, end };
}

/** A way to the server on which the first connections end after so many bytes from it, without a word. */
async function cuttingProxy({ connections, bytes }: { connections: number; bytes: number }) {
  const { host, port, user = "", password, database = "" } = new Client(postgresUrl!);
  let [opened, cut] = [0, 0];
  const proxy = createServer((client) => {
    const isCut = ++opened <= connections;
    const upstream = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    let passed = 0;
    upstream.on("data", (chunk: Buffer) => {
      passed += chunk.length;
      client.write(chunk);
      if (!isCut || passed < bytes || client.destroyed) return;
      cut++;
      client.destroy();
      upstream.destroy();
    });
    client.on("data", (chunk: Buffer) => upstream.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on("close", () => other.destroy()).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const name = [user, ...(typeof password === "string" ? [password] : [])].map(encodeURIComponent).join(":");
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { server: `postgres://${name}@${address}/${encodeURIComponent(database)}`, cuts: () => cut };
}

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(postgresUrl === null)("many writers on PostgreSQL", () => {
  it("get numbers that are dense and those of the log, although transactions overlap", async () => {
    const url = newPostgresLedger();
    const stores = await Promise.all([openStore(url), openStore(url), openStore(url)]);
    const told = new Map<string, number | null>();
    await Promise.all(
      stores.flatMap((store, process) =>
        Array.from({ length: 12 }, async (_, writer) => {
          for (let at = 0; at < 12; at++) {
            const one = event();
            const result = await store.append({
              stream: `s${process}-${writer}`,
              expected: at - 1 < 0 ? "no_stream" : at - 1,
              events: [one],
            });
            if (!result.ok) throw new Error(result.code);
            told.set(one.id, await store.numberAt(result.position));
          }
        }),
      ),
    );
    const log = await all(stores[0].readAll());
    expect(log.map((read) => read.number)).toEqual(Array.from({ length: 432 }, (_, at) => at + 1));
    expect(log.map((read) => told.get(read.id))).toEqual(log.map((read) => read.number));
    expect((await all(stores[1].readAll({ direction: "backwards" }))).toReversed()).toEqual(log);
    for (const stream of ["s0-0", "s2-11"]) {
      const own = log.filter((read) => read.stream === stream);
      expect(await all(stores[2].readStream(stream))).toEqual(own);
      expect(await all(stores[2].readAll({ filter: { streamPrefixes: [stream] } }))).toEqual(
        log.filter((read) => read.stream.startsWith(stream)),
      );
      expect(own.map((read) => read.revision)).toEqual(own.map((_, at) => at));
    }
  });

  it("see nothing of a later transaction before an earlier one has ended, so that no event is ever passed over", async () => {
    const url = newPostgresLedger();
    const store = await openStore(url);
    const schema = `"${new URL(url.replace(/^postgres/, "http").replace("@/", "@x/")).searchParams.get("ledger")!}"`;
    const early = new Client(postgresUrl!);
    await early.connect();
    const first = event();
    await early.query("BEGIN");
    await early.query(
      `SELECT ${schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      appendValues([{ stream: "early", expected: "no_stream", events: [first] }]),
    );
    const seen: StoredEvent[] = [];
    const controller = new AbortController();
    const following = (async () => {
      for await (const message of store.subscribe({ signal: controller.signal }))
        if (message.kind === "event") seen.push(message.event);
    })();
    const second = event();
    const appending = numbered(store, store.append({ stream: "late", expected: "no_stream", events: [second] }));
    await pause(150);
    expect(seen).toEqual([]);
    await early.query("COMMIT");
    await early.end();
    expect(await appending).toMatchObject({ ok: true, number: 2 });
    while (seen.length < 2) await pause(5);
    expect(seen.map((read) => [read.id, read.number])).toEqual([
      [first.id, 1],
      [second.id, 2],
    ]);
    controller.abort();
    await following;
  });

  it("bringing one id to two streams at once: one is told that it is known, and no neighbour suffers", async () => {
    const url = newPostgresLedger();
    const [one, other] = await Promise.all([openStore(url), openStore(url)]);
    for (let round = 0; round < 20; round++) {
      const twin = event();
      const results = await Promise.all([
        one.append({ stream: `a${round}`, expected: "no_stream", events: [twin] }),
        one.append({ stream: `n${round}`, expected: "no_stream", events: [event()] }),
        other.append({ stream: `b${round}`, expected: "no_stream", events: [twin] }),
        other.append({ stream: `m${round}`, expected: "no_stream", events: [event()] }),
      ]);
      expect(results.filter((result) => result.ok)).toHaveLength(3);
      expect(results.find((result) => !result.ok)).toEqual({ ok: false, code: "id-conflict", id: twin.id });
    }
  });
});

describe.skipIf(postgresUrl === null)("a transaction left open on the PostgreSQL server", () => {
  it("holds the log back for a bounded time, and its holder is named; what was appended is there when it ends", async () => {
    const store = await openStore(newPostgresLedger(), 300);
    const request = { stream: "s", expected: "no_stream", events: [event()] } as const;
    const holder = await openTransaction();
    const refused = await numbered(store, store.append(request)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "store-busy" });
    expect(String(refused)).toMatch(new RegExp(`held back by pid ${holder.pid} \\(.*\\) since 20.*is written`));
    await expect(all(store.readAll())).rejects.toMatchObject({ code: "store-busy" });
    await expect(all(store.readStream("s"))).rejects.toMatchObject({ code: "store-busy" });
    await expect(all(store.subscribe())).rejects.toMatchObject({ code: "store-busy" });
    await holder.end();
    expect(await numbered(store, store.append(request))).toMatchObject({ ok: true, repeated: true, number: 1 });
    expect(await all(store.readAll())).toHaveLength(1);
  });

  it("does so from another database too, and does not hold chunks back, which have no number", async () => {
    const database = `other_${process.pid}`;
    await asOther(async (client) => void (await client.query(`CREATE DATABASE ${database}`)));
    onTestFinished(
      async () => await asOther(async (client) => void (await client.query(`DROP DATABASE ${database} WITH (FORCE)`))),
    );
    const store = await openStore(newPostgresLedger(), 300);
    const holder = await openTransaction(inDatabase(postgresUrl!, database));
    const chunk = { ...event(), data: Buffer.from("x") };
    expect(await store.append({ stream: "chunks-x", expected: "no_stream", events: [chunk] })).toMatchObject({
      ok: true,
    });
    expect(await all(store.readStream("chunks-x"))).toHaveLength(1);
    const appended = store.append({ stream: "s", expected: "any", events: [event()] });
    await expect(numbered(store, appended)).rejects.toThrow(`pid ${holder.pid}`);
  });
});

describe.skipIf(postgresUrl === null)("connections to PostgreSQL that end", () => {
  it("lose no append and double none", async () => {
    const url = newPostgresLedger();
    const store = await openStore(url);
    let writing = true;
    const killer = (async () => {
      while (writing) {
        await asOther(async (client) => {
          await client.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'checkpoint-ledger' AND query LIKE '%append(%' AND pid <> pg_backend_pid()",
          );
        });
        await pause(15);
      }
    })();
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const mine = [];
        for (let at = 0; at < 25; at++)
          mine.push(
            await store.append({ stream: `w${writer}`, expected: at === 0 ? "no_stream" : at - 1, events: [event()] }),
          );
        return mine;
      }),
    );
    writing = false;
    await killer;
    expect(results.flat().filter((result) => !result.ok)).toEqual([]);
    expect((await all(store.readAll())).map((read) => read.number)).toEqual(
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
  });

  it("in the middle of a page end no reader, and leave out and double nothing", async () => {
    const url = newPostgresLedger();
    const store = await openStore(url);
    const events = () => Array.from({ length: 500 }, () => ({ ...event(), metadata: JSON.stringify("x".repeat(500)) }));
    for (const stream of ["a", "b", "c"]) await store.append({ stream, expected: "no_stream", events: events() });
    const { server, cuts } = await cuttingProxy({ connections: 4, bytes: 150_000 });
    const reader = await openStore(`${server}?ledger=${/ledger=([^&]+)/.exec(url)![1]!}`);
    expect((await all(reader.readAll())).map((read) => read.number)).toEqual(
      Array.from({ length: 1500 }, (_, at) => at + 1),
    );
    expect(cuts()).toBeGreaterThan(1);
  });

  it("do not end a live subscription: what was appended meanwhile comes, once", async () => {
    const url = newPostgresLedger();
    const [reader, writer] = await Promise.all([openStore(url), openStore(url)]);
    const seen: number[] = [];
    for await (const message of reader.subscribe()) {
      if (message.kind === "event") seen.push(message.event.number!);
      else if (seen.length === 0) {
        await asOther(async (client) => {
          await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
        });
        for (let at = 0; at < 3; at++) await writer.append({ stream: "s", expected: "any", events: [event()] });
      }
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it("tell another process within a moment, not at the next look", async () => {
    const url = newPostgresLedger();
    const [reader, writer] = await Promise.all([openStore(url), openStore(url)]);
    const delays: number[] = [];
    let appendedAt = 0;
    for await (const message of reader.subscribe()) {
      if (message.kind === "event") delays.push(performance.now() - appendedAt);
      if (delays.length === 5) break;
      if (message.kind === "caught-up")
        setTimeout(() => {
          appendedAt = performance.now();
          void writer.append({ stream: "s", expected: "any", events: [event()] });
        }, 150);
    }
    expect(Math.min(...delays)).toBeLessThan(500);
  });
});
