/**
 * The block below the slack of a path through a latch:
 *
 *     Time Borrowing Information
 *     --------------------------------------------
 *     clk_b nominal pulse width               2.45
 *     library setup time                     -0.21
 *     --------------------------------------------
 *     max time borrow                         2.24
 *     actual time borrow                      1.23
 *     --------------------------------------------
 *
 * With a limit of the user's, `user max time borrow` and `actual time borrow` are all its rows.
 */
import type { Line } from "../line.js";
import { parsePrinted } from "../printed-number.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader, Tell } from "../report-format.js";
import type { LatchBorrowRow } from "../records/check-rows.js";
import { isRule, lastWord } from "./table-rows.js";

export const latchBlock: ReportFormat = {
  name: "latch",
  initials: "T",
  open: (line, emit, tell) =>
    line.startsWith("Time Borrowing Information") && line.after(26) === "" ? new LatchReader(line, emit, tell) : null,
};

const [space, dash] = [32, 45];

/** The tool knows eleven labels; a block with many more rows is none of its. */
const rowsMax = 20;
const label =
  /(?:pulse width|clock latency difference|library setup time|CRPR difference|max time borrow|actual time borrow|open edge uncertainty|open edge CRPR|time given to startpoint)$/;

class LatchReader implements SectionReader {
  readonly #rows: LatchBorrowRow[] = [];
  readonly #byteOffset: number;
  readonly #line: number;
  /** Whether the line before was the rule that may be the last. */
  #ruled = false;

  constructor(
    { byteOffset, number }: Line,
    private readonly emit: Emit,
    private readonly tell: Tell,
  ) {
    this.#byteOffset = byteOffset;
    this.#line = number;
  }

  take(line: Line): LineVerdict {
    if (line.isBlank) {
      if (!this.#ruled) return "taken";
      this.finish();
      return "ended";
    }
    const { text, first } = line;
    if (first === dash && isRule(text)) {
      this.#ruled = this.#has("actual time borrow");
      return "taken";
    }
    const { before, word } = lastWord(text);
    const value = first !== space && label.test(before) ? parsePrinted(word) : null;
    if (!value || this.#rows.length === rowsMax) return "foreign";
    this.#rows.push({ label: before, value });
    this.#ruled = false;
    return "taken";
  }

  /** A block that was cut before its last rule would tell half. */
  finish(): void {
    const place = { byteOffset: this.#byteOffset, line: this.#line };
    if (!this.#ruled) {
      const message = "a block of time borrowing is cut before its end";
      return this.tell({ severity: "warning", code: "cut-record", ...place, message });
    }
    const value = (name: string) => this.#rows.find((row) => row.label === name)?.value ?? null;
    this.emit({
      kind: "latch-borrow",
      rows: this.#rows,
      maxTimeBorrow: value("max time borrow") ?? value("user max time borrow"),
      userLimit: this.#has("user max time borrow"),
      actualTimeBorrow: value("actual time borrow"),
      ...place,
    });
  }

  #has(name: string): boolean {
    return this.#rows.some((row) => row.label === name);
  }
}
