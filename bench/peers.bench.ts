/** Durable appends of the ledger in the same turns as those of Emmett's and LangGraph's SQLite stores. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { appendLoads, compareAppends, openOurs } from "./append/compare-appends.js";
import type { BenchArguments, Figures } from "./bench.js";
import { openEmmett } from "./peers/emmett.js";
import { openLangGraph } from "./peers/langgraph.js";
import { load } from "./rounds.js";
import { inTemporaryFolder } from "./temporary-folder.js";

export async function bench({ rounds = "15" }: BenchArguments): Promise<Figures> {
  return await inTemporaryFolder(async (folder) => {
    const langgraph = (name: string, durable: boolean) => openLangGraph(`${folder}/${name}-${durable}.db`, { durable });
    const emmett = await openEmmett(`${folder}/emmett-one.db`);
    const one = {
      ...(await openOurs(folder, "one")),
      emmett,
      langgraph: langgraph("one", true),
      langgraphUnsynced: langgraph("one", false),
    };
    const many = {
      ...(await openOurs(folder, "many")),
      langgraph: langgraph("many", true),
      langgraphUnsynced: langgraph("many", false),
    };
    return {
      ...(await compareAppends("One", { load: appendLoads.one, rounds: +rounds, contenders: one })),
      emmettOneOutcome: emmett.outcome(),
      ...(await compareAppends("64", { load: appendLoads.many, rounds: +rounds, contenders: many })),
      ...(await emmettConcurrent(folder)),
      ...load(),
    };
  });
}

/** Once and by itself: writers that get no answer take seconds to give up, and late errors end the process. */
async function emmettConcurrent(folder: string): Promise<Figures> {
  const result = `${folder}/emmett.json`;
  const script = fileURLToPath(new URL("peers/emmett-process.js", import.meta.url));
  await once(spawn(process.execPath, [script, `${folder}/emmett-many.db`, result], { stdio: "ignore" }), "exit");
  return JSON.parse(readFileSync(result, "utf8")) as Figures;
}
