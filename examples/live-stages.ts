import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSta } from "../src/index.js";
import type { RecordedStage } from "./recorded-stages.js";

/** Debian's package qflow-tech-osu018 has the cells; LIBF names another copy. */
const liberty = process.env["LIBF"] ?? "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

/** Runs the real OpenSTA on the small design and gives its stages as they are printed. */
export async function* liveStages(): AsyncGenerator<RecordedStage> {
  if (!existsSync(liberty))
    throw new Error(`there is no Liberty file ${liberty}: apt-get install qflow-tech-osu018, or name one with LIBF`);
  const here = fileURLToPath(new URL("../../examples/live/", import.meta.url));
  const env = { LIBF: liberty, HERE: here, SCRATCH: mkdtempSync(join(tmpdir(), "ckpt-live-")) };
  let stage = "";
  let files: { name: string; text: string[] }[] = [];
  const finished = (): RecordedStage => ({
    name: stage,
    files: files.map(({ name, text }) => ({ name, bytes: Buffer.from(`${text.join("\n")}\n`) })),
  });
  for await (const line of lines(runSta({ script: join(here, "stages.tcl"), env }))) {
    const marker = /^@@@ (\S+) (\S+)$/.exec(line);
    if (!marker) {
      files.at(-1)?.text.push(line);
      continue;
    }
    if (marker[1] !== stage && files.length > 0) {
      yield finished();
      files = [];
    }
    stage = marker[1]!;
    files.push({ name: marker[2]!, text: [] });
  }
  if (files.length > 0) yield finished();
}

async function* lines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of source) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest) yield rest;
}
