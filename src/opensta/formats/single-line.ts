import type { Line } from "../line.js";
import type { ReportFormat, SectionReader } from "../report-format.js";
import type { ReportRecord } from "../report-records.js";

/** The line was the whole section. */
export const nothingMore: SectionReader = { take: () => "foreign" };

/** A format whose every line is a section of its own. */
export function singleLine(
  name: string,
  initials: string | null,
  read: (line: Line) => ReportRecord | null,
): ReportFormat {
  return {
    name,
    ...(initials === null ? {} : { initials }),
    open(line, emit) {
      const record = read(line);
      if (!record) return null;
      emit(record);
      return nothingMore;
    },
  };
}
