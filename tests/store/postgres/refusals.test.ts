import { describe, expect, it, onTestFinished } from "vitest";
import { openPostgresEventStore } from "../../../src/store/postgres/postgres-event-store.js";
import { shownUrl } from "../../../src/store/shown-url.js";
import { all, event } from "../event-store.contract.js";
import { asOther, inDatabase, ledgerUrl, newPostgresLedger, postgresUrl } from "./postgres-ledger.js";
import { numbered } from "../numbered.js";

const nameIn = (url: string) => /ledger=(.*)$/.exec(url)![1]!;

describe.skipIf(postgresUrl === null)("ledgers on one PostgreSQL server", () => {
  it("are apart from each other, and one that is opened by many at once is made once", async () => {
    const [one, other] = [newPostgresLedger(), newPostgresLedger()];
    const stores = await Promise.all(
      [one, one, one, other].map((url) => openPostgresEventStore({ url, create: true })),
    );
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    const same = event();
    for (const store of [stores[0]!, stores[3]!])
      expect(await numbered(store, store.append({ stream: "s", expected: "no_stream", events: [same] }))).toMatchObject(
        { ok: true, number: 1 },
      );
    expect(await all(stores[2]!.readAll())).toHaveLength(1);
  });

  it("are brought to this version when one is opened that an older one made", async () => {
    const url = newPostgresLedger();
    const schema = `"${nameIn(url)}"`;
    await (await openPostgresEventStore({ url, create: true })).close();
    const undone = `DROP FUNCTION ${schema}.append_one; DROP TABLE ${schema}.groups, ${schema}.group_events`;
    await asOther(
      async (client) => void (await client.query(`${undone}; UPDATE ${schema}.ckpt_schema SET version = 1`)),
    );
    const store = await openPostgresEventStore({ url, create: false });
    onTestFinished(async () => await store.close());
    const appended = store.append({ stream: "s", expected: "no_stream", events: [event()] });
    expect(await numbered(store, appended)).toMatchObject({ number: 1 });
  });

  it("live beside foreign tables, and leave no bytes of an erased chunk in their own", async () => {
    const url = newPostgresLedger();
    const schema = `"${nameIn(url)}"`;
    await asOther(
      async (client) => void (await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.theirs (x int)`)),
    );
    const store = await openPostgresEventStore({ url, create: true });
    onTestFinished(async () => await store.close());
    const secret = { ...event(), data: Buffer.from("secret") };
    await store.append({ stream: "chunks-x", expected: "no_stream", events: [secret] });
    await store.deleteStream("chunks-x");
    const rows = await asOther(async (client) => (await client.query(`SELECT FROM ${schema}.events`)).rows);
    expect(rows).toEqual([]);
  });
});

describe.skipIf(postgresUrl === null)("what the PostgreSQL store refuses, with a cure", () => {
  it("a ledger that is not there, unless it may make it", async () => {
    const refused = openPostgresEventStore({ url: newPostgresLedger(), create: false });
    await expect(refused).rejects.toMatchObject({
      code: "store-unavailable",
      cure: expect.stringContaining("ckpt init"),
    });
  });

  it("a schema whose tables are somebody else's, and leaves them as they were", async () => {
    const url = newPostgresLedger();
    const schema = `"${nameIn(url)}"`;
    await asOther(
      async (client) => void (await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.events (x int)`)),
    );
    await expect(openPostgresEventStore({ url, create: true })).rejects.toMatchObject({ code: "not-a-ledger" });
  });

  it("tables of a newer version", async () => {
    const url = newPostgresLedger();
    await (await openPostgresEventStore({ url, create: true })).close();
    await asOther(async (client) => void (await client.query(`UPDATE "${nameIn(url)}".ckpt_schema SET version = 99`)));
    await expect(openPostgresEventStore({ url, create: true })).rejects.toMatchObject({
      code: "not-a-ledger",
      cure: expect.stringContaining("newer ckpt"),
    });
  });

  it("a dump that was restored where transactions are numbered lower", async () => {
    const url = newPostgresLedger();
    const store = await openPostgresEventStore({ url, create: true });
    await store.append({ stream: "s", expected: "any", events: [event()] });
    await store.close();
    await asOther(
      async (client) => void (await client.query(`UPDATE "${nameIn(url)}".events SET xid = '99999999999'`)),
    );
    await expect(openPostgresEventStore({ url, create: true })).rejects.toMatchObject({
      code: "store-damaged",
      cure: expect.stringContaining("ckpt copy"),
    });
  });

  it.each([
    ["a server that is not there", "postgres://ann:secret@127.0.0.1:1/x", "cannot be reached"],
    ["a host without a name", "postgres://ann:secret@no-such-host.invalid/x", "cannot be reached"],
    ["a name that no ledger can have", "postgres://ann:secret@db/x?ledger=a%20b", "cannot be the name"],
  ])("%s, without showing the password", async (_, url, reason) => {
    const refused = await openPostgresEventStore({ url, create: true }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "store-unavailable", message: expect.stringContaining(reason) });
    expect(String(refused)).not.toContain("secret");
  });

  it("a database that is not there", async () => {
    const url = inDatabase(ledgerUrl("x"), "no_such_database");
    await expect(openPostgresEventStore({ url, create: true })).rejects.toMatchObject({
      code: "store-unavailable",
      cure: expect.stringContaining("createdb"),
    });
  });

  it("the character U+0000, which its text cannot keep, without harm to a neighbour", async () => {
    const store = await openPostgresEventStore({ url: newPostgresLedger(), create: true });
    onTestFinished(async () => await store.close());
    const [good, bad] = await Promise.all([
      store.append({ stream: "a", expected: "any", events: [event()] }),
      store.append({ stream: "b", expected: "any", events: [{ ...event(), data: '"\0"' }] }),
    ]);
    expect(good).toMatchObject({ ok: true });
    expect(bad).toMatchObject({ ok: false, code: "invalid-event" });
  });

  it("everything once it is closed, or its tables were dropped under it", async () => {
    const url = newPostgresLedger();
    const store = await openPostgresEventStore({ url, create: true });
    const request = { stream: "s", expected: "any", events: [event()] } as const;
    await asOther(async (client) => void (await client.query(`DROP SCHEMA "${nameIn(url)}" CASCADE`)));
    await expect(store.append(request)).rejects.toMatchObject({ code: "store-unavailable" });
    await store.close();
    await expect(store.append(request)).rejects.toMatchObject({ code: "store-closed" });
  });
});

it("shows a URL without its password", () => {
  expect(shownUrl("postgres://ann:secret@db:5432/x?password=y&a=b")).toBe(
    "postgres://ann:***@db:5432/x?password=***&a=b",
  );
  expect(shownUrl("postgres://ann@db/x")).toBe("postgres://ann@db/x");
  expect(shownUrl("sqlite:/a:b@c/ledger.db")).toBe("sqlite:/a:b@c/ledger.db");
});
