/**
 * What the tool says of its own, wherever in a report it says it:
 *
 *     Warning: small.tcl, 47 report_checks -bogus is not a known keyword or flag.     (2.0.17)
 *     Warning 101: small.tcl line 1, object 'nosuchpin' not found.                    (3.1.0)
 *     Warning: There is 1 input port missing set_input_delay.
 *       set_n
 *     [WARNING STA-0366] port 'x' not found.                                          (OpenROAD)
 */
import type { Line } from "./line.js";
import type { ReportNote } from "./report-records.js";
import type { ToolMessage } from "./records/session.js";

const opening = /^(?:(Warning|Error|WARNING|ERROR)(?: (\d+))?: |\[(INFO|WARNING|ERROR)(?: ([A-Z]+-\d+))?\] )(.*)$/;
/** `f.tcl, 47 text`, `f.tcl line 47, text`, `f.lib, line 47 text`. A file has an extension, so that prose is none. */
const placed = /^(\S+\.\w+)(?:, line (\d+),? |, (\d+) | line (\d+), )(.*)$/;

/** The indented lines that one note holds at most; a longer list comes in several notes. */
const itemsMax = 1000;
const noteCodes = { info: "info-line", warning: "warning-line", error: "error-line" } as const;

/** The parts of a message's first line, or null if `text` begins none. */
export function readToolMessage(text: string): ToolMessage | null {
  const parts = opening.exec(text);
  if (!parts) return null;
  const level = (parts[1] ?? parts[3])!.toLowerCase() as ToolMessage["level"];
  const rest = parts[5]!.trimEnd();
  const place = placed.exec(rest);
  const line = place && Number(place[2] ?? place[3] ?? place[4]);
  const code = parts[2] ?? parts[4] ?? null;
  return { level, code, file: place?.[1] ?? null, line, text: place?.[5] ?? rest, items: [] };
}

/** Gathers a message and the indented lines below it into one note. */
export class ToolMessageReader {
  #note: ReportNote | null = null;
  #tool: (ToolMessage & { readonly items: string[] }) | null = null;

  constructor(private readonly tell: (note: ReportNote) => void) {}

  /** Whether a message waits for further lines. */
  get isOpen(): boolean {
    return this.#note !== null;
  }

  /** Takes a line that belongs to nothing else; false if it is no part of a message. */
  take(line: Line): boolean {
    if (line.first === 32 && this.#tool && this.#note) {
      if (this.#tool.items.length === itemsMax) this.#continue();
      this.#tool.items.push(line.beginning.trim());
      return true;
    }
    this.finish();
    const tool = readToolMessage(line.beginning);
    if (!tool) return false;
    const { byteOffset, number, beginning: message } = line;
    const severity = tool.level === "error" ? "warning" : "info";
    this.#tool = { ...tool, items: [] };
    this.#note = { severity, code: noteCodes[tool.level], byteOffset, line: number, message, tool: this.#tool };
    return true;
  }

  /** What follows is no part of the message. */
  finish(): void {
    const note = this.#note;
    this.#note = null;
    this.#tool = null;
    if (note) this.tell(note);
  }

  #continue(): void {
    const note = this.#note!;
    this.tell(note);
    this.#tool = { ...this.#tool!, items: [] };
    this.#note = { ...note, tool: this.#tool };
  }
}
