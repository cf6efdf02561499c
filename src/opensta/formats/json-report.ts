/**
 * report_checks -format json (3.1.0), one key a line:
 *
 *     {"checks": [
 *     {
 *       "type": "check",
 *       "path_group": "clk_a",
 *       "source_path": [
 *         {
 *           "instance": "and"quote"",
 *           "hier_pins": [
 *             "hier[0].sub/ck"
 *           ],
 *           "arrival": 2.000e-10
 *         }
 *       ],
 *       "slack": -1.293e-10
 *     },
 *     ]
 *     }
 *
 * Quotes in names are not escaped, so that it is not JSON: what counts is the line, a value ends where its line does.
 */
import type { Line } from "../line.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader, Tell } from "../report-format.js";
import type { ReportUnits } from "../si-number.js";
import { CheckDraft, isCheckPath } from "./json-check-draft.js";

/**
 * @param units what times and capacitances are told in
 */
export function jsonReport(units: ReportUnits): ReportFormat {
  return {
    name: "json",
    initials: "{",
    open: (line, emit, tell) =>
      line.startsWith('{"checks": [') && line.after(12) === "" ? new ChecksReader(line, { emit, tell, units }) : null,
  };
}

/** The text of one check at most; a longer one is passed over. */
const checkBytesMax = 16 << 20;
/** The list of checks ends in the first column; those within a check do not. */
const closingBracket = 93;
const keyed = /^"([a-z_]+)": (.*)$/;

interface Outlet {
  readonly emit: Emit;
  readonly tell: Tell;
  readonly units: ReportUnits;
}

class ChecksReader implements SectionReader {
  #check: CheckDraft | null = null;
  #empty = true;
  /** Whether the list of checks has ended. */
  #listed = false;
  readonly #begin: Place;
  /** Where the last `{` stood, for the check that begins with it. */
  #brace: Place;

  constructor(
    line: Line,
    private readonly outlet: Outlet,
  ) {
    this.#begin = placeOf(line);
    this.#brace = this.#begin;
  }

  take(line: Line): LineVerdict {
    if (line.isBlank) return "taken";
    const text = line.text.trim();
    if (this.#check && (this.#check.bytes += line.to - line.from) > checkBytesMax)
      this.#giveUp("long-record", `has more than ${checkBytesMax} bytes`);
    if (text === "{") this.#brace = placeOf(line);
    if (text.startsWith('"type": ')) {
      this.#giveUp();
      this.#check = new CheckDraft(this.#brace, this.outlet.units);
      this.#empty = false;
    }
    if (this.#check?.inPath) return inPath(this.#check, text);
    if (text === "}" || text === "},") return this.#close();
    if (text === "]" && line.first === closingBracket && !this.#listed) {
      this.#giveUp();
      this.#listed = true;
    } else if (text === "{") this.#giveUp();
    else if (this.#check) return inCheck(this.#check, text);
    else return /^[\]}"]/.test(text) ? "taken" : "foreign";
    return "taken";
  }

  finish(): void {
    this.#giveUp();
  }

  /** The end of a check, or of them all. */
  #close(): LineVerdict {
    if (this.#listed) {
      if (this.#empty) this.outlet.emit({ kind: "no-paths", ...this.#begin });
      return "ended";
    }
    const whole = this.#check?.whole();
    if (whole) {
      this.#check = null;
      this.outlet.emit(whole);
    } else this.#giveUp("cut-record", "lacks parts that every check has");
    return "taken";
  }

  #giveUp(code: "cut-record" | "long-record" = "cut-record", why = "is cut before its end"): void {
    const check = this.#check;
    if (!check) return;
    this.#check = null;
    this.outlet.tell({ severity: "warning", code, ...check.place, message: `a check of the JSON report ${why}` });
  }
}

function inCheck(check: CheckDraft, text: string): LineVerdict {
  const pair = keyed.exec(text);
  if (!pair) return text.startsWith('"') || text === "]," ? "taken" : "foreign";
  const [key, value] = pair.slice(1) as [string, string];
  if (value !== "[") check.set(key, unquoted(value));
  else if (isCheckPath(key)) check.beginPath(key);
  return "taken";
}

function inPath(check: CheckDraft, text: string): LineVerdict {
  const pair = keyed.exec(text);
  if (pair) {
    const [key, value] = pair.slice(1) as [string, string];
    if (value === "[") check.beginList(key);
    else check.set(key, unquoted(value));
  } else if (text.startsWith('"')) check.listed(unquoted(text));
  else if (text === "{") check.beginPoint();
  else if (text === "}" || text === "},") check.endPoint();
  else if (text === "]" || text === "],") check.endList();
  else return "foreign";
  return "taken";
}

/** The value of a line: without the comma behind it, and without the quotes around it. */
function unquoted(text: string): string {
  const value = text.endsWith(",") ? text.slice(0, -1) : text;
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

interface Place {
  readonly byteOffset: number;
  readonly line: number;
}

function placeOf({ byteOffset, number }: Line): Place {
  return { byteOffset, line: number };
}
