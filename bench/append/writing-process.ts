/**
 * A process of its own that appends to an embedded ledger: `node writing-process.js FILE FIRST-WRITER WRITERS EVENTS`.
 * It says `ready`, waits for a line, and prints a line of JSON with what it saw.
 */
import { once } from "node:events";
import { LedgerWriters } from "./ledger-writers.js";

const [path = "", firstWriter = 1, writers = 1, events = 1] = process.argv.slice(2);
const ledger = await LedgerWriters.open(path);
process.stdout.write("ready\n");
await once(process.stdin, "data");
await ledger.append({ events: Number(events), writers: Number(writers), batch: 1, firstWriter: Number(firstWriter) });
await ledger.close();
process.stdout.write(`${JSON.stringify({ worstMs: ledger.worstMs })}\n`);
process.stdin.destroy();
