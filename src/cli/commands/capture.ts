import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import { capture, type CaptureFile, type CaptureProgress } from "../../ledger/capture.js";
import { containerOf, openSource } from "../../opensta/open-source.js";
import { runSta } from "../../opensta/sta-process.js";
import type { JsonObject } from "../../../schemas/names.js";
import { exitCodes } from "../exit-codes.js";
import { count, size } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { type CommonOptions, complain, print, refused, say, withLedger } from "../session.js";
import { stageLines } from "./show.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly design: string;
  readonly stage: string;
  readonly root?: string;
  readonly parent?: string;
  readonly meta?: string[];
  readonly corner?: string;
  readonly unit?: string;
  readonly strict?: boolean;
  readonly key?: string;
  readonly stdinName?: string;
  readonly sta?: string;
  readonly staExecutable?: string;
}

export function captureCommand(): Command {
  return storeCommand("capture", "capture report files as a stage of a design", [
    "capture --design lane --stage cts max.rpt min.rpt out.sdc",
    "capture --design lane --stage cts --root reports reports/*.rpt --unit 1ns --corner slow",
    "capture --design lane --stage cts --sta run.tcl",
    "sta -exit run.tcl | ckpt capture --design lane --stage cts -",
  ])
    .requiredOption("--design <name>", "the design")
    .requiredOption("--stage <name>", "the name that the stage takes")
    .argument(
      "<files...>",
      "reports, constraints, netlists, anything; .gz and .zst are stored as their text; - is standard input",
    )
    .option("--root <folder>", "names in the stage are paths relative to this folder; default: base names")
    .option("--parent <stage>", "the stage that this one follows; default: the head")
    .option(
      "--meta <k=v or file>",
      'k=v for the stage, or a JSON file {"FILE": {…}} with facts for each file',
      (value, all: string[] | undefined) => [...(all ?? []), value],
    )
    .option("--corner <name>", "the corner of reports that do not name theirs")
    .option("--unit <unit>", "the time unit of the reports, e.g. 1ns")
    .option("--strict", "refuse files that end inside a record")
    .option("--sta <script>", "run OpenSTA on this Tcl script and capture what it prints, as SCRIPT.log")
    .option("--sta-executable <path>", "the tool", "sta")
    .option("--stdin-name <name>", "the name of standard input in the stage", "stdin.rpt")
    .option("--actor <name>", "who captures; default: the user")
    .option("--key <uuid>", "the command key: a retry with the same key does nothing twice")
    .action(async (paths: string[], options: Options) => {
      const meta = readMeta(options.meta ?? []);
      if (typeof meta === "string")
        return complain(meta, "Nothing was written. Use --meta key=value or --meta FILE.json.", exitCodes.usage);
      const missing = paths.find((path) => path !== "-" && !isFile(path));
      if (missing !== undefined)
        return complain(`there is no file ${missing}`, "Nothing was written. Check the name.", exitCodes.invalidInput);
      const files = [...paths.map((path) => captureFile(path, paths, options, meta.files)), ...staFile(options)];
      await withLedger({ ...options, create: true }, async (ledger) => {
        const { design, stage, parent, corner, unit, strict = false, actor, key } = options;
        const progress = new ProgressLine();
        const start = performance.now();
        const result = await capture(
          ledger,
          { design, stage, parent, corner, unit, strict, context: meta.stage },
          files,
          { actor, key },
          (each) => progress.show(() => progressText(`${design}@${stage}`, each, performance.now() - start)),
        );
        progress.end();
        if (!result.ok) return refused(result);
        for (const note of result.warnings)
          say(
            `warning: ${note.file} holds a cut record at byte ${count(note.byteOffset)} (line ${count(note.line)}${note.endpoint === undefined ? "" : `, endpoint ${note.endpoint}`}): ${note.message}. The whole paths and the cut text are kept; the stage is marked incomplete (--strict refuses such files).`,
          );
        if (!result.movedHead)
          say(`the head had moved meanwhile: ${result.stage.reference} is a sibling, the head stays where it is.`);
        print(options, result.stage, () => stageLines(result.stage));
      });
    });
}

/** What the tool prints as it runs the script. */
function staFile({ sta, staExecutable = "sta" }: Options): CaptureFile[] {
  if (sta === undefined) return [];
  const source = runSta({ script: sta, executable: staExecutable });
  return [{ name: `${basename(sta)}.log`, source }];
}

function captureFile(
  path: string,
  all: readonly string[],
  options: Options,
  contexts: Readonly<Record<string, JsonObject>>,
): CaptureFile {
  if (path === "-") return { name: options.stdinName!, source: openSource("-") };
  const container = containerOf(path);
  const unpacked = container === null ? path : path.slice(0, -container.length - 1);
  const unpack = container !== null && !all.includes(unpacked);
  const name = nameOf(unpack ? unpacked : path, options.root);
  const context = contexts[name];
  if (!unpack) return { name, source: openSource(path, { unpack: false }), ...(context ? { context } : {}) };
  const digest = createHash("sha256");
  let bytes = 0;
  const source = openSource(path, {
    onPacked: (part) => {
      digest.update(part);
      bytes += part.length;
    },
  });
  return {
    name,
    source,
    container: () => ({ name: nameOf(path, options.root), bytes, sha256: digest.digest("hex") }),
    ...(context ? { context } : {}),
  };
}

function nameOf(path: string, root: string | undefined): string {
  return root === undefined ? basename(path) : relative(resolve(root), resolve(path)).split(sep).join("/");
}

/** `k=v` pairs of the stage, and JSON files with facts for each captured file; a text says what is wrong. */
function readMeta(values: readonly string[]): { stage: JsonObject; files: Record<string, JsonObject> } | string {
  const stage: JsonObject = {};
  const files: Record<string, JsonObject> = {};
  for (const value of values) {
    const pair = /^([^=]+)=(.*)$/s.exec(value);
    if (pair) stage[pair[1]!] = pair[2]!;
    else
      try {
        Object.assign(files, JSON.parse(readFileSync(value, "utf8")));
      } catch (error) {
        return `--meta ${value} is neither key=value nor a JSON file: ${(error as Error).message}`;
      }
  }
  return { stage, files };
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function progressText(what: string, progress: CaptureProgress, elapsedMs: number): string {
  const rate = progress.bytes / 1000 / Math.max(1, elapsedMs);
  return `capture ${what}  ${progress.file}  ${size(progress.bytes)}  ${rate.toFixed(0)} MB/s  ${count(progress.paths)} paths`;
}
