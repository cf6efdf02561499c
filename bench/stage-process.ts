import type { stageRuns } from "./stage-runs.js";
import { timeNode } from "./timed-process.js";

type Runs = typeof stageRuns;

/** Calls one of the runs in a process of its own; answers with its peak memory too. */
export function inProcess<Name extends keyof Runs>(
  name: Name,
  request: Parameters<Runs[Name]>[0],
): { readonly answer: Awaited<ReturnType<Runs[Name]>>; readonly rssMb: number } {
  const module = JSON.stringify(new URL("stage-runs.js", import.meta.url).href);
  const script = `import { stageRuns } from ${module};
    console.log(JSON.stringify(await stageRuns[process.argv[1]](JSON.parse(process.argv[2]))));`;
  const { output, rssMb } = timeNode(script, [name, JSON.stringify(request)]);
  return { answer: JSON.parse(output) as Awaited<ReturnType<Runs[Name]>>, rssMb };
}
