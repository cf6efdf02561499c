/**
 * What no line of a text proves, so it is read only where a text is said to be of it. Names, as get_fanin and the like
 * print them through a loop, one a line:
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
import { singleLine } from "./single-line.js";

export const names = singleLine("names", null, (line) => {
  const name = line.text.trim();
  return name === "" ? null : { kind: "name", name, ...line.place };
});

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
