/**
 * What no line of a text proves, so it is read only where a text is said to be of it. Names, as get_fanin and the like
 * print them, one a line or as a Tcl list:
 *
 *     _5604_/A
 *
 * report_constant:
 *
 *     S 1 case=1
 *
 * and names with the value of a property:
 *
 *     slack_max_rise 1.627123
 */
import { parseFigure } from "../figure-text.js";
import type { ReportFormat } from "../report-format.js";
import { parseTclList } from "../tcl-list.js";
import { nothingMore, singleLine } from "./single-line.js";

export const names: ReportFormat = {
  name: "names",
  open(line, emit) {
    const listed = namesIn(line.text.trim());
    for (const name of listed) emit({ kind: "name", name, ...line.place });
    return listed.length === 0 ? null : nothingMore;
  },
};

/** A line is one name, or a Tcl list of them; what has neither blank nor brace is a name, whatever else is in it. */
function namesIn(text: string): string[] {
  if (!/[\s{}]/.test(text)) return text === "" ? [] : [text];
  try {
    return parseTclList(text);
  } catch {
    return [text];
  }
}

export const constants = singleLine("constants", null, (line) => {
  const cells = /^(\S+) ([01XZ])(?: case=(\S))?(?: logic=(\S))?\s*$/i.exec(line.text);
  if (!cells) return null;
  const [pin, value, caseValue = null, logicValue = null] = cells.slice(1) as [string, string, string?, string?];
  return { kind: "constant", pin, value, caseValue, logicValue, ...line.place };
});

export const properties = singleLine("properties", null, (line) => {
  const cells = /^(\S+)\s(.*?)\s*$/.exec(line.text);
  if (!cells) return null;
  const [name, text] = cells.slice(1) as [string, string];
  return { kind: "property", name, text, value: parseFigure(text), ...line.place };
});
