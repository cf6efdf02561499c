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
 */
import type { ReportFormat, SectionReader } from "../report-format.js";

const untilBlank: SectionReader = { take: (line) => (line.isBlank ? "ended" : "taken") };

export const latchBlock: ReportFormat = {
  name: "latch",
  initials: "T",
  open: (line) => (line.startsWith("Time Borrowing Information") ? untilBlank : null),
};
