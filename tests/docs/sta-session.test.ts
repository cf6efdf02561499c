import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { designFolder, notLive } from "../opensta/live-tool.js";

const root = join(import.meta.dirname, "..", "..");

it.skipIf(notLive !== null)("the examples of docs/sta-session.md run, one after the other", async () => {
  const document = readFileSync(join(root, "docs", "sta-session.md"), "utf8");
  const blocks = [...document.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block!);
  const entry = pathToFileURL(join(root, "dist", "src", "index.js")).href;
  const script = join(temporaryFolder(), "examples.mjs");
  writeFileSync(script, blocks.join("\n").replaceAll('"checkpoint-ledger"', JSON.stringify(entry)));
  const printed = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, [script], { cwd: designFolder }, (error, out, err) =>
      error ? reject(new Error(`${error.message}\n${err}`)) : resolve(out),
    ),
  );
  expect(blocks.length).toBeGreaterThan(8);
  expect(printed).toContain("report_checks -group_path_count 10");
  expect(printed).toContain("\ncancelled\n");
  // recover() found the design as it was.
  expect(printed).toContain("\nnull\nready {");
  expect(printed).toContain("\nclosed\n");
});
