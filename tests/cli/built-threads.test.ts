import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bin } from "./built-ckpt.js";

const threads = pathToFileURL(join(bin, "..", "..", "timing", "threads/")).href;

/** Closes threads that have still to answer, which they may do while they end. */
const script = `
  import { Thread } from "${threads}thread.js";
  for (let round = 0; round < 20; round++) {
    const thread = new Thread(new URL("${threads}check-thread.js"));
    await thread.call("nextStage", []);
    for (let call = 0; call < 3; call++) thread.call("finishFile", []).catch(() => undefined);
    await thread.close();
    await thread.call("finishFile", []).then(() => { throw new Error("answered"); }, () => undefined);
  }
  console.log("closed");
`;

it("a process lives until the threads that it closes have ended, and none answers then", () => {
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run).toMatchObject({ status: 0, stdout: "closed\n" });
}, 60_000);
