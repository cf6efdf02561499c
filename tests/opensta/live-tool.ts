import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { OpenStaSession } from "../../src/opensta/session/session.js";
import type { SessionOptions } from "../../src/opensta/session/session-options.js";

/** The small design that live tests run on. */
export const designFolder = join(import.meta.dirname, "..", "..", "examples", "live");

/** Debian's package qflow-tech-osu018 has the cells; LIBF names another copy. */
export const liberty = process.env["LIBF"] ?? "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

/** Why live tests cannot run here, or null. It is printed once a file. */
export const notLive = !isInstalled()
  ? "there is no sta on this machine"
  : existsSync(liberty)
    ? null
    : `there is no Liberty file ${liberty}`;
if (notLive !== null)
  process.stdout.write(`live tests are skipped: ${notLive} (apt-get install opensta qflow-tech-osu018)\n`);

/** The commands that build the small design. */
export const setup = [
  `read_liberty ${liberty}`,
  `read_verilog ${join(designFolder, "small.v")}`,
  "link_design top",
  `source ${join(designFolder, "base.sdc")}`,
];

/** A session without a design; it ends with its test, as that of `design` does. */
export async function bare(options: SessionOptions = {}): Promise<OpenStaSession> {
  const session = await OpenStaSession.open({ beatMs: 50, ...options });
  onTestFinished(() => session.close());
  return session;
}

/** A session in which the small design is linked and constrained. */
export async function design(options: SessionOptions = {}): Promise<OpenStaSession> {
  const session = await bare(options);
  for (const command of setup) {
    const { error } = await session.run(command);
    if (error) throw error;
  }
  return session;
}

function isInstalled(): boolean {
  try {
    execFileSync("sh", ["-c", "command -v sta"]);
    return true;
  } catch {
    return false;
  }
}
