import type { EndTable } from "../end-batch.js";
import type { Line } from "../line.js";
import type { LineVerdict, SectionReader } from "../report-format.js";

/** What tells a table's lines apart. */
export interface Table {
  /** What its rows share, if they are those of an end report. */
  readonly ends?: EndTable;
  /** Whether it is a line of the heading below the one that opened the table. */
  isHeading?(text: string): boolean;
  /** Takes a row; false if the line is none. */
  row(line: Line, text: string): boolean;
}

/** A line of dashes alone. */
export const isRule = (text: string): boolean => /^-+\s*$/.test(text);

/**
 * Reads a table row by row. Warnings may stand between its lines, and a blank line among its rows; after a blank line
 * anything but a row is no longer of the table.
 */
export class TableRows implements SectionReader {
  #seen = false;
  #gap = false;
  #over = false;

  constructor(private readonly table: Table) {}

  get endTable(): EndTable | null {
    return this.#seen && !this.#gap && !this.#over ? (this.table.ends ?? null) : null;
  }

  take(line: Line): LineVerdict {
    if (this.#over) return "foreign";
    if (line.isBlank) {
      this.#gap = this.#seen;
      return "taken";
    }
    const { text } = line;
    if (this.table.row(line, text)) {
      this.#seen = true;
      this.#gap = false;
      return "taken";
    }
    if (!this.#gap && (isRule(text) || this.table.isHeading?.(text))) return "taken";
    this.#over = this.#gap;
    return "foreign";
  }
}

/** Splits a row into what stands before its last word, and that word. */
export function lastWord(text: string): { readonly before: string; readonly word: string } {
  const trimmed = text.trimEnd();
  const at = trimmed.lastIndexOf(" ");
  return { before: trimmed.slice(0, at + 1).trimEnd(), word: trimmed.slice(at + 1) };
}
