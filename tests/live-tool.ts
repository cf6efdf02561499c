import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The example design's folder, and the Liberty file that its cells are in. */
export const liveDesign = join(import.meta.dirname, "..", "examples", "live");
export const liberty = process.env["LIBF"] ?? "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

/** Why tests with the real tool cannot run here; null if they can. The reason is printed. */
export function missingTool(): string | null {
  const missing = !isInstalled()
    ? "there is no sta on this machine"
    : existsSync(liberty)
      ? null
      : `there is no Liberty file ${liberty}`;
  if (missing) process.stdout.write(`live tests are skipped: ${missing} (apt-get install opensta qflow-tech-osu018)\n`);
  return missing;
}

function isInstalled(): boolean {
  try {
    execFileSync("sh", ["-c", "command -v sta"]);
    return true;
  } catch {
    return false;
  }
}
