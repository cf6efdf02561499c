import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { bin } from "./built-ckpt.js";

const module = pathToFileURL(join(bin, "..", "end-what-hangs.js")).href;

it("ends a process that something still holds, with its exit code and all its output", () => {
  const script = `import { endWhatHangs } from "${module}";
    setInterval(() => undefined, 1000);
    process.exitCode = 3;
    process.stdout.write("x".repeat(1 << 20));
    endWhatHangs();`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 20_000,
    maxBuffer: 1 << 22,
  });
  expect(run.status).toBe(3);
  expect(run.stdout).toHaveLength(1 << 20);
}, 30_000);
