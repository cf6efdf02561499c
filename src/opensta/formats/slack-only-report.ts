/**
 * report_checks -format slack_only (2.0.17 prints it inside report_check_types):
 *
 *     Group                                  Slack
 *     --------------------------------------------
 *     gated clock                             0.02
 *     **async_default**                      -2.59
 *
 * Group names may hold spaces.
 */
import { parsePrinted } from "../printed-number.js";
import type { Emit, ReportFormat } from "../report-format.js";
import { lastWord, type Table, TableRows } from "./table-rows.js";

export const slackOnlyReport: ReportFormat = {
  name: "slack_only",
  initials: "G",
  open(line, emit) {
    if (!line.startsWith("Group  ")) return null;
    const text = line.beginning.trimEnd();
    return heading.test(text) ? new TableRows(slackTable(text.length, emit)) : null;
  },
};

const heading = /^Group {2,}Slack$/;

const groupWidth = 36;

/** A row is what the tool would print of its group and number, to the blank: many lines of other reports end in numbers. */
function slackTable(width: number, emit: Emit): Table {
  return {
    row({ first, byteOffset, number }, text) {
      if (first === 32) return false;
      const { before: group, word } = lastWord(text);
      const column = " ".repeat(Math.max(groupWidth - Buffer.byteLength(group), 0));
      const isRow = text.trimEnd() === `${group}${column} ${word.padStart(width - groupWidth - 1)}`;
      const slack = isRow && group !== "" ? parsePrinted(word) : null;
      if (!slack) return false;
      emit({ kind: "group-slack", group, slack, byteOffset, line: number });
      return true;
    },
  };
}
