import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Runs the layer check over one folder; answers with what it prints. */
function checkLayers(folder: string): { passed: boolean; output: string } {
  try {
    const output = execFileSync(
      join(root, "node_modules/.bin/depcruise"),
      ["--config", ".dependency-cruiser.cjs", folder],
      { cwd: root, encoding: "utf8" },
    );
    return { passed: true, output };
  } catch (error) {
    return { passed: false, output: String((error as { stdout?: string }).stdout) };
  }
}

it.each([
  [
    "a type-only import of the ledger from the domain",
    "src/domain",
    'import type { Ledger } from "../../ledger/ledger.js";',
    "layer-domain",
  ],
  ["an import of the store from a codec", "src/codec", 'import "../../store/event-store.js";', "layer-codec"],
  ["Nest outside http/", "src/ledger", 'import "@nestjs/common";', "nest-only-in-http"],
])("the layer rules catch %s", (_, layer, line, rule) => {
  const folder = join(root, layer, "layer-rule-probe");
  mkdirSync(folder);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "probe.ts"),
    `${line}\nexport type Probe = ${line.includes("Ledger") ? "Ledger" : "string"};\n`,
  );
  const { passed, output } = checkLayers(`${layer}/layer-rule-probe`);
  expect(output).toContain(rule);
  expect(passed).toBe(false);
});
