import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import type { ActivityState } from "../../opensta/session/heartbeat.js";
import type { OpenStaSession } from "../../opensta/session/session.js";
import type { CommandOptions } from "../../opensta/session/session-options.js";
import type { ReportRecord } from "../../opensta/report-records.js";
import type { RecordStream } from "../../opensta/stream/record-stream.js";
import type { ByteSource } from "../../opensta/byte-source.js";
import { openSource } from "../../opensta/open-source.js";
import { PrivateFolder } from "../../opensta/private-folder.js";
import { runSta } from "../../opensta/sta-process.js";
import { count, size, writeOut } from "../output.js";
import { interruptible } from "../interruptible.js";
import { type FilterOptions, filterOf, withFilterOptions } from "../filter-options.js";
import { duration } from "../option-values.js";
import { say } from "../session.js";
import { ProgressLine } from "../progress-line.js";
import { printRecords } from "../record-lines.js";
import { type StaCommandOptions, staSubcommand, withSession, withSessionOptions } from "../sta-options.js";
import { runShell } from "../sta-shell.js";

export function staCommand(): Command {
  return new Command("sta")
    .description("run OpenSTA: a script, commands as they are typed, or one big report as records")
    .addCommand(runCommand())
    .addCommand(shellCommand())
    .addCommand(streamCommand())
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt sta run run.tcl\n  $ ckpt sta shell --setup setup.tcl\n  $ ckpt sta stream --setup setup.tcl 'report_checks -path_delay max'\n",
    );
}

function runCommand(): Command {
  return staSubcommand("run", "run a script and print what the tool prints; a command that fails is an error", [
    "ckpt sta run run.tcl",
    "ckpt sta run run.tcl --json | head -1",
    "echo 'puts [sta::version]' | ckpt sta run -",
  ])
    .argument("<script>", "a Tcl script, or - for standard input")
    .option("--json", "the reports in it as JSON lines, as `ckpt parse` prints them")
    .option("--ndjson", "the same")
    .option("--timeout <seconds>", "end the tool if the script takes longer", duration)
    .action(async (script: string, options: StaCommandOptions) => {
      const { timeout } = options;
      await withScript(script, async (path) => {
        const abort = new AbortController();
        const limit = timeout === undefined ? [] : [AbortSignal.timeout(timeout * 1000)];
        const signal = AbortSignal.any([abort.signal, ...limit]);
        const source = runSta({ script: path, executable: options.staExecutable, signal });
        await interruptible(
          () => abort.abort(),
          async () => {
            if (options.json || options.ndjson) await printRecords(source, script);
            else for await (const bytes of source) await writeOut(bytes);
          },
        );
      });
    });
}

function shellCommand(): Command {
  return withSessionOptions(
    staSubcommand("shell", "take commands from standard input, one answer each, until it ends", [
      "ckpt sta shell --setup setup.tcl",
      "printf 'report_wns\\nreport_tns\\n' | ckpt sta shell --setup setup.tcl --json",
    ])
      .option("--json", "each answer as one JSON object: command, output, result, warnings, error, state")
      .option("--ndjson", "the same"),
  ).action(async (options: StaCommandOptions) => {
    await withSession(
      options,
      async (session, limits) => await runShell(session, limits, options.json ?? options.ndjson ?? false),
    );
  });
}

interface StreamFlags extends FilterOptions {
  readonly pages?: boolean;
}

function streamCommand(): Command {
  return withFilterOptions(
    withSessionOptions(
      staSubcommand("stream", "run one command and print the records of its report as JSON lines, as they come", [
        "ckpt sta stream --setup setup.tcl 'report_checks -path_delay max -group_count 100000'",
        "ckpt sta stream --setup setup.tcl 'report_checks -format end' | head -5",
      ])
        .argument("<command>", "a command of the tool, in quotes")
        .option("--pages", "keep the records on disk for a day, and print the cursor of their first page (`ckpt page`)")
        .option("--ndjson", "the output is one JSON object a line in any case")
        .option("--json", "the same"),
    ),
  ).action(async (command: string, options: StaCommandOptions & StreamFlags) => {
    await withSession(options, async (session, limits) => await printStream(session, command, limits, options));
  });
}

/** Prints the records of a command, and on a terminal how it goes. */
async function printStream(
  session: OpenStaSession,
  command: string,
  limits: CommandOptions,
  { pages = false, ...options }: StreamFlags,
): Promise<void> {
  const filter = await filterOf(options);
  const progress = new ProgressLine();
  const start = performance.now();
  const sum = { paths: 0, bytes: 0, worst: Number.POSITIVE_INFINITY };
  const onRecords = (_: readonly ReportRecord[], { counters }: RecordStream) => {
    sum.paths = counters.pathsRead;
    sum.worst = counters.worstSlack ?? sum.worst;
  };
  const showing = session.activity.subscribe(({ state, bytes }) => {
    sum.bytes = Math.max(sum.bytes, bytes);
    if (process.stderr.isTTY && state !== "idle")
      progress.show(() => streamText(state, sum, performance.now() - start));
  });
  try {
    await printRecords(printing(session.streamCommand(command, limits)), command.split(" ")[0]!, {
      onRecords,
      pages,
      ...(filter ? { filter } : {}),
    });
  } finally {
    showing.unsubscribe();
    progress.end();
  }
}

/** Says so when a command prints nothing: its result is not what it prints. */
async function* printing(source: ByteSource): AsyncGenerator<Uint8Array> {
  let printed = false;
  for await (const bytes of source) {
    printed = true;
    yield bytes;
  }
  if (!printed) say("the command printed nothing; `ckpt sta shell` shows a command's result.");
}

/** `printing 2 s  5,790 paths (2,861/s)  8.1 MB (4.0 MB/s)  worst slack -1.64` */
function streamText(
  state: ActivityState,
  { paths, bytes, worst }: { readonly paths: number; readonly bytes: number; readonly worst: number },
  elapsedMs: number,
): string {
  const seconds = Math.max(1, elapsedMs) / 1000;
  const so = `${state} ${seconds.toFixed(0)} s`;
  if (bytes === 0) return so;
  const slack = Number.isFinite(worst) ? `  worst slack ${worst}` : "";
  return `${so}  ${count(paths)} paths (${count(Math.round(paths / seconds))}/s)  ${size(bytes)} (${size(bytes / seconds)}/s)${slack}`;
}

/** Gives the path of a script; that of standard input is a copy of it. */
async function withScript(script: string, work: (path: string) => Promise<void>): Promise<void> {
  if (script !== "-") return await work(script);
  const folder = await PrivateFolder.make();
  try {
    const path = join(folder.path, "stdin.tcl");
    await writeFile(path, openSource("-"));
    await work(path);
  } finally {
    await folder.remove();
  }
}
