import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import { openEventStoreDb } from "../../src/store/eventstoredb/eventstoredb-event-store.js";
import { competingConsumersContract, type GroupEngine } from "./competing-consumers.contract.js";
import { eventStoreContract } from "./event-store.contract.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";

let double: EventStoreDouble;
beforeAll(async () => {
  double = await startDouble();
});
afterAll(() => double.stop());

eventStoreContract("EventStoreDB (the double)", async () => await openEventStoreDb({ url: newLedger(double.url) }));
competingConsumersContract(
  "EventStoreDB (the double)",
  groupsOn(() => double.url),
);

const { EVENTSTORE_URL: real } = process.env;
describe.skipIf(!real)("on the server that EVENTSTORE_URL names", () => {
  eventStoreContract("EventStoreDB", async () => await openEventStoreDb({ url: newLedger(real!) }));
  competingConsumersContract(
    "EventStoreDB",
    groupsOn(() => real!),
  );
});

/** The server's groups deliver again what was given back behind what was under way. */
function groupsOn(server: () => string): GroupEngine {
  const newStores = async () => {
    const url = newLedger(server());
    return async () => await openEventStoreDb({ url });
  };
  return { newLedger: newStores, keptByServer: true };
}

/** A ledger of its own beside all others of the server. */
function newLedger(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}ledger=${randomUUID()}`;
}
