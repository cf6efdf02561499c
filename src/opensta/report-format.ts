import type { EndTable } from "./end-batch.js";
import type { Line } from "./line.js";
import type { ReportNote, ReportRecord } from "./report-records.js";

/** Takes a record the moment it is whole. */
export type Emit = (record: ReportRecord) => void;

/** Takes what the user should know of a record that was not whole. */
export type Tell = (note: ReportNote) => void;

/** What a line was to the section that is being read: its own, its own and the last, or none of its lines. */
export type LineVerdict = "taken" | "ended" | "foreign";

/** Reads one section of a report, line by line. What is foreign to it leaves it open: a warning may stand anywhere. */
export interface SectionReader {
  /**
   * True if its first line is no proof: the section counts from the next line that is its own. If that is foreign, the
   * first line is taken for what it would be without this format.
   */
  readonly tentative?: boolean;
  /** The table of an end report whose row the line before was: plain rows may be read past the reader then. */
  readonly endTable?: EndTable | null;
  take(line: Line): LineVerdict;
  /** The text ended, or another section begins: emits what is whole and only waited for more. */
  finish?(): void;
}

/** One format of report: it is recognised by the line that begins it. */
export interface ReportFormat {
  readonly name: string;
  /** The characters that its first line can begin with; any, where this is left out. Others it is not asked for. */
  readonly initials?: string;
  /** A reader for the section that `line` begins (the line itself is taken); null if it does not begin one. */
  open(line: Line, emit: Emit, tell: Tell): SectionReader | null;
}
