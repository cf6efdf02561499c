import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bin } from "./built-ckpt.js";

const threads = pathToFileURL(join(bin, "..", "..", "timing", "threads/")).href;

/** Closes threads whose last answer has come but was not taken yet. */
const script = `
  import { Thread } from "${threads}thread.js";
  for (let round = 0; round < 5; round++) {
    const thread = new Thread(new URL("${threads}check-thread.js"));
    await thread.call("nextStage", []);
    const answer = thread.call("takePlain", [Buffer.alloc(1000)]);
    for (const until = performance.now() + 50; performance.now() < until;);
    await thread.close();
    await answer;
    await thread.call("finishFile", []).then(() => { throw new Error("answered"); }, () => undefined);
  }
  console.log("closed");
`;

it("a process lives until the threads that it closes have ended, and none answers then", () => {
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run).toMatchObject({ status: 0, stdout: "closed\n" });
}, 60_000);
