#!/usr/bin/env node
import { endWhatHangs } from "./end-what-hangs.js";
import { run } from "./program.js";

process.exitCode = await run(process.argv.slice(2));
endWhatHangs();
