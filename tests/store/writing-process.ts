/**
 * A process of its own that appends to an embedded store: `node writing-process.js FILE WRITERS APPENDS`. It prints the
 * id of every acknowledged event, then a line of JSON with what it saw.
 */
import { randomUUID } from "node:crypto";
import { openSqliteEventStore } from "../../src/store/sqlite/sqlite-event-store.js";

const [path = "", writers = "1", appends = "1"] = process.argv.slice(2);
const store = await openSqliteEventStore({ path, create: true });
let worstMs = 0;
let refused = 0;
await Promise.all(
  Array.from({ length: Number(writers) }, async (_, writer) => {
    const stream = `p${process.pid}-${writer}`;
    for (let at = 0; at < Number(appends); at++) {
      const start = performance.now();
      const id = randomUUID();
      const event = { id, type: "Noted", data: JSON.stringify({ at }), metadata: "{}" };
      const result = await store.append({ stream, expected: at === 0 ? "no_stream" : at - 1, events: [event] });
      worstMs = Math.max(worstMs, performance.now() - start);
      if (result.ok) process.stdout.write(`${id}\n`);
      else refused++;
    }
  }),
);
await store.close();
process.stdout.write(`${JSON.stringify({ worstMs, refused })}\n`);
