import { constants } from "node:fs";
import { access, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PrivateFolder } from "./private-folder.js";
import type { ToolMessage } from "./records/session.js";
import { readError } from "./session/separate-messages.js";
import { parseTclList, tclWord } from "./tcl-list.js";
import { StaError } from "./sta-error.js";

/**
 * What the tool runs in place of a script: it runs the script as the tool itself would, and writes down how that ended.
 * The exit code does not tell: 2.0.17 prints an error, goes on, and ends with 0, also where a sourced file fails or a
 * brace is never closed. 3.x stops at the first error.
 *
 * Where the tool's message names no place (`Error: cannot read file x.v.`), the place is the line that was being run
 * when Tcl noticed the error.
 */
const wrapperScript = String.raw`
namespace eval ::checkpoint_run {
  variable failed 0
  variable places {}

  proc notePlace {args} {
    variable places
    set message [lindex [split $::errorInfo \n] 0]
    if {[dict exists $places $message] || [dict size $places] >= 100} { return }
    if {[info exists ::sta::sdc_line]} {
      dict set places $message [list $::sta::sdc_file $::sta::sdc_line]
    } elseif {[info exists ::sta::include_line]} {
      dict set places $message [list [info script] $::sta::include_line]
    }
  }
  proc noteSource {command code result operation} {
    variable failed
    if {$code == 0 && $result eq {1}} { set failed 1 }
  }
  proc run {script verdict} {
    variable failed
    variable places
    close [open $verdict w]
    set runner [expr {[info commands ::include] eq {} ? {source} : {include}}]
    trace add variable ::errorInfo write ::checkpoint_run::notePlace
    # Where source is the tool's own (2.x) it answers 1 for an error that it ran past; Tcl's answers what the file does.
    set own [expr {[info procs ::source] ne {}}]
    if {$own} { trace add execution ::source leave ::checkpoint_run::noteSource }
    if {[catch {uplevel #0 [list $runner $script]} message]} {
      set failed 1
      puts $message
    }
    if {$own} { trace remove execution ::source leave ::checkpoint_run::noteSource }
    trace remove variable ::errorInfo write ::checkpoint_run::notePlace
    set file [open $verdict w]
    fconfigure $file -encoding utf-8
    puts $file [list $failed $places]
    close $file
  }
}
`;

/** A script under the wrapper: what the tool is given, and how it ended. */
export interface ScriptRun {
  /** The script to give to the tool. */
  readonly path: string;
  /** Sees all that the tool prints to standard output, and to standard error. */
  readonly output: ErrorLines;
  readonly errors: ErrorLines;
  /** Throws if a command of the script failed; ask when the tool has ended. */
  check(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Prepares the run of a script.
 * @throws StaError `script-error` if there is no such script.
 */
export async function wrapScript(script: string): Promise<ScriptRun> {
  await access(script, constants.R_OK).catch((cause: unknown) => {
    throw new StaError("script-error", `the script ${script} cannot be read`, "Check its name.", {
      cause,
      file: script,
    });
  });
  const folder = await PrivateFolder.make();
  const path = join(folder.path, "run.tcl");
  const verdictFile = join(folder.path, "verdict");
  await writeFile(path, `${wrapperScript}::checkpoint_run::run ${tclWord(script)} ${tclWord(verdictFile)}\n`);
  const output = new ErrorLines();
  const errors = new ErrorLines();
  return {
    path,
    output,
    errors,
    check: async () => {
      const written = await readFile(verdictFile, "utf8").catch(() => null);
      if (written === null)
        throw new StaError("sta-failed", `the tool ended without running ${script}`, "Is it OpenSTA or OpenROAD?");
      const verdict = parseTclList(written);
      // Without a verdict the script ended the tool by itself: then only what was printed can tell.
      const [failed = output.count > 0 ? "1" : "0", places = ""] = verdict;
      if (failed === "1") throw scriptError(script, output, placesByMessage(parseTclList(places)));
      // A link that fails says so on standard error, and nowhere else.
      if (errors.count > 0) throw scriptError(script, errors, new Map());
    },
    remove: async () => await folder.remove(),
  };
}

function scriptError(script: string, lines: ErrorLines, places: ReadonlyMap<string, string>): StaError {
  const told = lines.first ?? { text: "a command of it failed", file: null, line: null, code: null };
  const [file, line] = parseTclList(places.get(told.text) ?? "");
  const place = {
    file: told.file ?? (file ? basename(file) : basename(script)),
    line: told.line ?? (line ? Number(line) : null),
  };
  const more = lines.count > 1 ? ` (and ${lines.count - 1} more)` : "";
  return new StaError(
    "script-error",
    `${place.file}${place.line === null ? "" : `, line ${place.line}`}: ${told.text}${more}`,
    `What the tool printed is kept. Mend ${place.file}, or put what may fail under catch.`,
    { ...place, toolCode: told.code, command: script },
  );
}

/** The place of each error that Tcl noticed, by its message: `{message} {file line} {message} {file line}`. */
function placesByMessage(list: readonly string[]): Map<string, string> {
  const places = new Map<string, string>();
  for (let at = 0; at + 1 < list.length; at += 2) places.set(readError(list[at]!)?.text ?? list[at]!, list[at + 1]!);
  return places;
}

/** Error lines in what a tool prints: the first of them, and how many. */
export class ErrorLines {
  first: ToolMessage | null = null;
  count = 0;
  #rest: Buffer = Buffer.from("\n");

  push(bytes: Uint8Array): void {
    const text = Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (;;) {
      const begin = firstOf(text.indexOf("\nError", at), text.indexOf("\n[ERROR", at));
      const end = begin < 0 ? -1 : text.indexOf(10, begin + 1);
      if (end < 0) break;
      this.#take(text.toString("utf8", begin + 1, end));
      at = end;
    }
    // The line that has not ended yet, with the newline before it; nobody's message is as long as the bound.
    this.#rest = Buffer.from(text.subarray(Math.max(at, text.lastIndexOf(10), text.length - lineBytesMax)));
  }

  finish(): void {
    this.push(Buffer.from("\n"));
  }

  #take(line: string): void {
    const message = readError(line);
    if (!message) return;
    this.first ??= message;
    this.count++;
  }
}

function firstOf(one: number, other: number): number {
  return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
}

const lineBytesMax = 8192;
