/**
 * A process of its own that works in the group `notify` of an embedded store: `node dying-worker.js FILE ACK_MS`. It
 * prints the number of the first event that it gets, and holds it until it is killed.
 */
import { openSqliteEventStore } from "../../src/store/sqlite/sqlite-event-store.js";

const [path = "", ackMs = "1000"] = process.argv.slice(2);
const store = await openSqliteEventStore({ path, create: true });
for await (const item of store.compete({ group: "notify", inFlightMax: 1, ackMs: Number(ackMs) }))
  process.stdout.write(`${item.event.number}\n`);
