import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import { capture, type CaptureFile, type CaptureProgress } from "../../ledger/capture.js";
import { containerOf, openSource } from "../../opensta/open-source.js";
import { runSta, staVersion } from "../../opensta/sta-process.js";
import { z } from "zod";
import { type JsonObject, jsonObject } from "../../../schemas/names.js";
import type { StageView } from "../../ledger/stage-view.js";
import type { ReportNote } from "../../opensta/report-records.js";
import { exitCodes } from "../exit-codes.js";
import { exitCodeOfSignal, interruptible } from "../interruptible.js";
import { count, size } from "../output.js";
import { timeUnit, uuid } from "../option-values.js";
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
  readonly plain?: boolean;
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
    "capture --design lane --stage cts - < max.rpt",
  ])
    .requiredOption("--design <name>", "the design")
    .requiredOption("--stage <name>", "the name that the stage takes")
    .argument(
      "[files...]",
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
    .option("--unit <unit>", "the time unit of the reports, e.g. 1ns", timeUnit)
    .option("--strict", "refuse files that end inside a record")
    .option("--plain", "store the files by general compression alone: larger, and slower to print again")
    .option("--sta <script>", "run OpenSTA on this Tcl script and capture what it prints, as SCRIPT.log")
    .option("--sta-executable <path>", "the tool", "sta")
    .option("--stdin-name <name>", "the name of standard input in the stage", "stdin.rpt")
    .option("--actor <name>", "who captures; default: the user")
    .option("--key <uuid>", "the command key: a retry with the same key does nothing twice", uuid)
    .action(async (paths: string[], options: Options) => {
      const meta = readMeta(options.meta ?? []);
      if (typeof meta === "string")
        return complain(meta, "Nothing was written. Use --meta key=value or --meta FILE.json.", exitCodes.usage);
      if (paths.length === 0 && options.sta === undefined)
        return complain("nothing to capture", "Name files, - for standard input, or --sta SCRIPT.", exitCodes.usage);
      const scripts = options.sta === undefined ? [] : [options.sta];
      for (const path of [...paths, ...scripts]) {
        const problem = problemOf(path);
        if (problem) return complain(problem, "Nothing was written. Check the name.", exitCodes.invalidInput);
      }
      const abort = new AbortController();
      const files = [
        ...paths.map((path) => captureFile(path, paths, options, meta.files, abort.signal)),
        ...(await staFile(options, abort.signal)),
      ];
      const outside = paths.find((path) => path !== "-" && isOutside(nameOf(path, options.root)));
      if (outside !== undefined)
        return complain(
          `${outside} lies outside of --root ${options.root}`,
          "Nothing was written. Name a --root that holds all files.",
          exitCodes.usage,
        );
      const unknown = Object.keys(meta.files).find((name) => files.every((file) => file.name !== name));
      if (unknown !== undefined)
        return complain(
          `--meta has facts for ${unknown}, which is not captured`,
          `Nothing was written. The captured names are ${files.map(({ name }) => name).join(", ")}.`,
          exitCodes.usage,
        );
      let exitCode: typeof process.exitCode | null = null;
      const interruption = await interruptible(
        (signal) => abort.abort(new Error(`interrupted by ${signal}`)),
        async () => {
          await captureFiles(options, meta.stage, files, abort.signal);
          exitCode = process.exitCode ?? exitCodes.ok;
        },
      );
      if (!interruption) return;
      if (exitCode !== null) process.exitCode = exitCode;
      else
        complain(
          `interrupted by ${interruption}: nothing was committed`,
          "The design is as it was, and the stage's name is free. Run the same command again.",
          exitCodeOfSignal(interruption),
        );
    });
}

/** Captures the files and tells of it. */
async function captureFiles(
  options: Options,
  context: JsonObject,
  files: readonly CaptureFile[],
  signal: AbortSignal,
): Promise<void> {
  await withLedger({ ...options, create: true }, async (ledger) => {
    const { design, stage, parent, corner, unit, strict = false, plain = false, actor, key } = options;
    const progress = new ProgressLine();
    const start = performance.now();
    const result = await capture(
      ledger,
      { design, stage, parent, corner, unit, strict, plain, context },
      files,
      { actor, key, signal },
      (each) => progress.show(() => progressText(`${design}@${stage}`, each, performance.now() - start)),
    ).finally(() => progress.end());
    if (!result.ok) return refused(result);
    for (const note of result.warnings) say(cutWarning(note, result.stage));
    for (const { name } of result.stage.files.filter(({ rawBytes }) => rawBytes === 0))
      say(`warning: ${name} is empty.`);
    if (!result.movedHead)
      say(`the head had moved meanwhile: ${result.stage.reference} is a sibling, the head stays where it is.`);
    if (signal.aborted) say("the signal came too late: the stage was sealed already, and is committed.");
    print(options, result.stage, () => stageLines(result.stage));
  });
}

function cutWarning(note: ReportNote & { readonly file: string }, stage: StageView): string {
  const endpoint = note.endpoint === undefined ? "" : `, endpoint ${note.endpoint}`;
  const paths = stage.files.find(({ name }) => name === note.file)?.paths ?? 0;
  return (
    `warning: ${note.file} holds a cut record at byte ${count(note.byteOffset)} (line ${count(note.line)}${endpoint}): ${note.message}.\n` +
    `      ${paths > 0 ? `${count(paths)} whole paths and the cut text are` : "What there is of it is"} kept; the stage is marked incomplete (--strict refuses such files). Capture the whole file again when you have it.`
  );
}

/** What the tool prints as it runs the script, and which tool that was. */
async function staFile({ sta, staExecutable = "sta" }: Options, signal: AbortSignal): Promise<CaptureFile[]> {
  if (sta === undefined) return [];
  const { tool, version } = await staVersion({ executable: staExecutable });
  const source = runSta({ script: sta, executable: staExecutable, signal });
  return [{ name: `${basename(sta)}.log`, source, context: { tool: `${tool} ${version}` } }];
}

function captureFile(
  path: string,
  all: readonly string[],
  options: Options,
  contexts: Readonly<Record<string, JsonObject>>,
  signal: AbortSignal,
): CaptureFile {
  if (path === "-") return { name: options.stdinName!, source: openSource("-", { signal }) };
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

/** The root itself has no name in it. */
const isOutside = (name: string): boolean => name === "" || name === ".." || name.startsWith("../");

function nameOf(path: string, root: string | undefined): string {
  return root === undefined ? basename(path) : relative(resolve(root), resolve(path)).split(sep).join("/");
}

const fileFacts = z.record(z.string(), jsonObject);

/** `k=v` pairs of the stage, and JSON files with facts for each captured file; a text says what is wrong. */
function readMeta(values: readonly string[]): { stage: JsonObject; files: Record<string, JsonObject> } | string {
  const stage: JsonObject = {};
  const files: Record<string, JsonObject> = {};
  for (const value of values) {
    const pair = /^([^=]+)=(.*)$/s.exec(value);
    if (pair) stage[pair[1]!] = pair[2]!;
    else
      try {
        const facts = fileFacts.safeParse(JSON.parse(readFileSync(value, "utf8")));
        if (!facts.success) return `--meta ${value} is no JSON object of {"FILE": {…}}`;
        Object.assign(files, facts.data);
      } catch (error) {
        return `--meta ${value} is neither key=value nor a JSON file: ${(error as Error).message}`;
      }
  }
  return { stage, files };
}

/** Why a path cannot be captured; null if it can. */
function problemOf(path: string): string | null {
  if (path === "-") return null;
  try {
    if (statSync(path).isDirectory()) return `${path} is a folder`;
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read: ${message}`;
  }
}

function progressText(what: string, progress: CaptureProgress, elapsedMs: number): string {
  const rate = progress.bytes / 1000 / Math.max(1, elapsedMs);
  return `capture ${what}  ${progress.file}  ${size(progress.bytes)}  ${rate.toFixed(0)} MB/s  ${count(progress.paths)} paths`;
}
