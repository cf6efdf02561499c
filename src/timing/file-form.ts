/** What a file is coded as. */
export type FileForm = "lines" | "pins" | "plain";

/** How much of a file is looked at to tell. */
export const beginningBytes = 1 << 16;

/** The line by which a table of pins is known. */
const tableHeading = /^# ?pin\t[^\n]/;
/** A line of a path or end report. */
const reportLine = /^(?:Startpoint: |(?:max|min)_delay\S* group )/m;

/** Tells by a file's beginning what it is coded as. */
export function formOf(beginning: Uint8Array): FileForm {
  const text = Buffer.from(beginning.buffer, beginning.byteOffset, Math.min(beginning.length, beginningBytes)).toString(
    "latin1",
  );
  if (tableHeading.test(text)) return "pins";
  return reportLine.test(text) ? "lines" : "plain";
}
