import { basename } from "node:path";
import type { ToolMessage } from "../records/session.js";
import { StaError } from "../sta-error.js";
import type { LoopReply } from "./session-loop.js";
import type { ChildEnd } from "./sta-child.js";
import { readError, separateMessages } from "./separate-messages.js";

/** What a command came to. */
export interface CommandResult {
  /** What it printed, without the tool's warnings and errors. */
  readonly output: string;
  /** What it returned; a list reads with `parseTclList`. */
  readonly result: string;
  /** What the tool warned of, in the order it was printed. */
  readonly warnings: readonly ToolMessage[];
  /** Why it failed, if it did. */
  readonly error?: StaError;
}

/** Reads what a command printed and returned. */
export function commandResult(command: string, printed: string, reply: LoopReply): CommandResult {
  const { text, messages } = separateMessages(printed);
  const warnings = messages.filter(({ level }) => level === "warning");
  const error = commandError(command, reply, messages);
  return { output: text, result: reply.ok ? reply.result : "", warnings, ...(error ? { error } : {}) };
}

/**
 * The error of a command: Tcl's own, or the first that the tool printed. 2.0.17 goes on behind an error in a sourced
 * file and a failed link, and says so nowhere else.
 */
function commandError(command: string, reply: LoopReply, messages: readonly ToolMessage[]): StaError | null {
  const told = messages.find(({ level }) => level === "error");
  if (reply.ok) return told ? failed(command, told) : null;
  const thrown = errorMessage(reply.result, reply.trace);
  // `report_checks command failed.` is what it came to; what was wrong with it was printed before.
  const reason = told && /command failed\.?$/.test(thrown.text) ? ` ${told.text}` : "";
  return failed(command, { ...thrown, text: `${thrown.text}${reason}` });
}

/** `Error: base.sdc, 47 text`, or a text that Tcl wrote; of a file that Tcl itself sourced (3.x) the trace tells. */
function errorMessage(text: string, trace: string): ToolMessage {
  const told = readError(text);
  if (told && told.file !== null) return told;
  const [, file, line] = /\(file "([^"]+)" line (\d+)\)/.exec(trace) ?? [];
  const place = file === undefined ? {} : { file: basename(file), line: Number(line) };
  return { level: "error", code: null, file: null, line: null, text, items: [], ...told, ...place };
}

function failed(command: string, { code, file, line, text }: ToolMessage): StaError {
  const place = file === null ? "" : `${file}${line === null ? "" : `, line ${line}`}: `;
  return new StaError(
    "command-failed",
    `${place}${text}`,
    file === null
      ? "What the command did before it failed has stayed."
      : `Mend ${file}; what came before and after that line may have taken effect.`,
    { command, file, line, toolCode: code },
  );
}

/** The error of a command under which the tool ended by itself. */
export function lostError(command: string, executable: string, end: ChildEnd, output: string): StaError {
  const how = end.signal ?? `exit code ${end.exitCode}`;
  const last = output.trim().split("\n").at(-1) ?? "";
  const memory = end.signal === "SIGKILL" ? " SIGKILL is also what a machine short of memory sends." : "";
  return new StaError(
    "sta-failed",
    `${executable} ended with ${how}${last === "" ? "" : `: ${last}`}`,
    `recover() starts it anew and repeats every change.${memory}`,
    { command, output: output.slice(-outputCharactersMax) },
  );
}

/** How much of what was printed an error carries. */
const outputCharactersMax = 20_000;
