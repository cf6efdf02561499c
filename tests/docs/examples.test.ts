import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";

const root = join(import.meta.dirname, "..", "..");
const bin = join(root, "dist", "src", "cli", "ckpt.js");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** What a code block of this language holds, one string a block. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map((match) => match[1]!);
}

/** Runs a line of the shell in `folder`, as a user would after `npm ci`; ends it once `until` was printed. */
async function run(folder: string, line: string, until?: string): Promise<{ code: number | null; output: string }> {
  const command = line.replace(/^npx ckpt/, `"${process.execPath}" "${bin}"`);
  const child = spawn("sh", ["-c", `exec ${command}`], { cwd: folder, env: { ...process.env, CKPT_STORE: "" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (until !== undefined && !child.killed && output.includes(until)) child.kill("SIGTERM");
    });
  return await new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

/** A folder such as the README's reader has: a first stage captured, the files of the next one at hand. */
async function projectFolder(): Promise<string> {
  const folder = temporaryFolder();
  const data = join(root, "tests", "data", "reports");
  mkdirSync(join(folder, "reports"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  copyFileSync(join(data, "3.1.0-fmt_end_minmax.rpt"), join(folder, "reports", "end.rpt"));
  copyFileSync(join(data, "3.1.0-fields_all.rpt"), join(folder, "max.rpt"));
  copyFileSync(join(data, "3.1.0-fields_all.rpt"), join(folder, "reports", "min.rpt"));
  writeFileSync(join(folder, "out.sdc"), "create_clock -name clk -period 4 [get_ports clk]\n");
  writeFileSync(join(folder, "pins.tsv"), "# pin\tslack_max_rise\tslack_max_fall\na/D\t0.10\t0.20\n");
  const first = await run(folder, "npx ckpt capture --design lane --stage place --unit 1ns reports/*.rpt");
  expect(first, first.output).toMatchObject({ code: 0 });
  return folder;
}

describe("the README", () => {
  it("shows commands that work, line by line", async () => {
    const folder = await projectFolder();
    const lines = blocks(readme, "sh")
      .flatMap((block) => block.split("\n"))
      .filter((line) => line.startsWith("npx ckpt"));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const serves = line.startsWith("npx ckpt serve");
      const command = serves ? line.replace("serve", "serve --port 0") : line;
      const { code, output } = await run(folder, command, serves ? "http://" : undefined);
      expect(code, `${line}\n${output}`).toBe(0);
    }
  });

  it.each(["README.md", "docs/streams.md", "docs/library.md", "docs/subscriptions.md"])(
    "%s shows programs that work",
    async (document) => {
      const folder = await projectFolder();
      for (const [index, block] of blocks(readFileSync(join(root, document), "utf8"), "ts").entries()) {
        const program = block.replaceAll(
          '"checkpoint-ledger"',
          JSON.stringify(pathToFileURL(join(root, "dist", "src", "index.js")).href),
        );
        writeFileSync(join(folder, `${index}.mts`), program);
        const { code, output } = await run(folder, `"${process.execPath}" ${index}.mts`);
        expect(code, output).toBe(0);
      }
    },
  );
});
