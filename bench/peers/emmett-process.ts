/**
 * 64 writers at once on Emmett's store, in a process of their own: `node emmett-process.js FILE RESULT`. The figures go
 * into the file RESULT.
 */
import { writeFileSync } from "node:fs";
import { openEmmett } from "./emmett.js";

const [path = "", result = ""] = process.argv.slice(2);
const emmett = await openEmmett(path);
const emmett64 = await emmett.append({ events: 640, writers: 64, batch: 1, firstWriter: 1 });
writeFileSync(result, JSON.stringify({ emmett64, emmett64Outcome: emmett.outcome() }));
process.exit();
