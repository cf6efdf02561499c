import { describe } from "vitest";
import { openPostgresEventStore } from "../../../src/store/postgres/postgres-event-store.js";
import { competingConsumersContract } from "../competing-consumers.contract.js";
import { eventStoreContract } from "../event-store.contract.js";
import { newPostgresLedger, postgresUrl } from "./postgres-ledger.js";

describe.skipIf(postgresUrl === null)("PostgreSQL", () => {
  eventStoreContract("postgres", () => openPostgresEventStore({ url: newPostgresLedger(), create: true }));
  competingConsumersContract("postgres", {
    newLedger: async () => {
      const url = newPostgresLedger();
      return async () => await openPostgresEventStore({ url, create: true });
    },
    keptByServer: false,
  });
});
