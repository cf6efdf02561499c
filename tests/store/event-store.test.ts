import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { MemoryEventStore } from "../../src/store/memory/memory-event-store.js";
import { openSqliteEventStore } from "../../src/store/sqlite/sqlite-event-store.js";
import { competingConsumersContract } from "./competing-consumers.contract.js";
import { eventStoreContract } from "./event-store.contract.js";

const folder = mkdtempSync(join(tmpdir(), "ckpt-contract-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

eventStoreContract("memory", async () => new MemoryEventStore());
eventStoreContract("sqlite", () => openSqliteEventStore({ path: join(folder, `${files++}.db`), create: true }));

competingConsumersContract("memory", {
  newLedger: async () => {
    const store = new MemoryEventStore();
    return async () => store;
  },
  keptByServer: false,
});
competingConsumersContract("sqlite", {
  newLedger: async () => {
    const path = join(folder, `${files++}.db`);
    return async () => await openSqliteEventStore({ path, create: true });
  },
  keptByServer: false,
});
