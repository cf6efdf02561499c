/**
 * Lists as Tcl prints them, and words as it reads them (Tcl manual, "Tcl" rules 4-9 and "list"):
 *
 *     clk_a {clk main} {q\[0\] {nested {x}}} "in quotes" a\ b {}
 */

/** A list that is not well formed; `at` counts characters from 0. */
export class TclListError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(`${message} at character ${at} of the list`);
    this.name = "TclListError";
  }
}

/**
 * The elements of a Tcl list, each as plain text; an element that is a list itself can be read in turn.
 * @throws TclListError where a brace or quote is not closed, or text follows it.
 * @example parseTclList("clk_a {clk main}") // ["clk_a", "clk main"]
 */
export function parseTclList(text: string): string[] {
  const elements: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text[at]!)) at++;
    if (at >= text.length) return elements;
    const opening = text[at]!;
    const element =
      opening === "{" ? bracedElement(text, at) : opening === '"' ? quotedElement(text, at) : bareElement(text, at);
    elements.push(element.value);
    at = element.end;
    if (at < text.length && !isSpace(text[at]!))
      throw new TclListError(`a list element in ${opening === "{" ? "braces" : "quotes"} is followed by text`, at);
  }
}

/**
 * A list that Tcl reads back as these elements.
 * @example formatTclList(["a", "clk main", "q[0]", ""]) // "a {clk main} {q[0]} {}"
 */
export function formatTclList(elements: readonly string[]): string {
  return elements.map(tclWord).join(" ");
}

/** One word of a command or a list that Tcl takes as this very text: nothing in it is substituted. */
export function tclWord(text: string): string {
  if (text === "") return "{}";
  if (/^[\w./:+@%^&*?,=<>!~-]+$/.test(text) && !text.startsWith("~")) return text;
  return fitsBraces(text) ? `{${text}}` : escaped(text);
}

interface Element {
  readonly value: string;
  readonly end: number;
}

function bracedElement(text: string, from: number): Element {
  let depth = 0;
  let value = "";
  let plain = from + 1;
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      // A backslash newline becomes a blank even in braces; every other backslash stays and hides what follows.
      const folded = /^\\\n[ \t]*/.exec(text.slice(at, at + 400));
      if (folded) {
        value += `${text.slice(plain, at)} `;
        at += folded[0].length - 1;
        plain = at + 1;
      } else at++;
    } else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return { value: value + text.slice(plain, at), end: at + 1 };
  }
  throw new TclListError("a brace is not closed", from);
}

function quotedElement(text: string, from: number): Element {
  let value = "";
  for (let at = from + 1; at < text.length;) {
    const end = runEnd(/[^"\\]*/y, text, at);
    value += text.slice(at, end);
    if (text[end] === '"') return { value, end: end + 1 };
    if (end >= text.length) break;
    const piece = unescapedAt(text, end);
    value += piece.value;
    at = piece.end;
  }
  throw new TclListError("a quote is not closed", from);
}

function bareElement(text: string, from: number): Element {
  let value = "";
  for (let at = from; ;) {
    const end = runEnd(/[^ \t\n\v\f\r\\]*/y, text, at);
    value += text.slice(at, end);
    if (text[end] !== "\\") return { value, end };
    const piece = unescapedAt(text, end);
    value += piece.value;
    at = piece.end;
  }
}

/** Where a run of plain characters ends: lists may have a million elements. */
function runEnd(run: RegExp, text: string, from: number): number {
  run.lastIndex = from;
  run.test(text);
  return run.lastIndex;
}

const controls: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The character at a place, with its backslash sequence undone. */
function unescapedAt(text: string, at: number): Element {
  if (text[at] !== "\\") return { value: text[at]!, end: at + 1 };
  const rest = text.slice(at + 1, at + 400);
  const folded = /^\n[ \t]*/.exec(rest);
  if (folded) return { value: " ", end: at + 1 + folded[0].length };
  const hex = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (hex) {
    const point = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
    return { value: point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point), end: at + 1 + hex[0].length };
  }
  const octal = /^[0-3]?[0-7]{1,2}/.exec(rest);
  if (octal) return { value: String.fromCodePoint(Number.parseInt(octal[0], 8)), end: at + 1 + octal[0].length };
  if (rest === "") return { value: "\\", end: at + 1 };
  const next = String.fromCodePoint(rest.codePointAt(0)!);
  return { value: controls[next] ?? next, end: at + 1 + next.length };
}

/** Whether braces keep the text as it is: they balance, no backslash ends it or hides a newline. */
function fitsBraces(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      if (at + 1 >= text.length || text[at + 1] === "\n") return false;
      at++;
    } else if (character === "{") depth++;
    else if (character === "}" && --depth < 0) return false;
  }
  return depth === 0;
}

const written: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\f": "\\f" };

function escaped(text: string): string {
  return text.replaceAll(/[\s{}[\]$"\\;#~]/g, (character) => written[character] ?? `\\${character}`);
}

function isSpace(character: string): boolean {
  return /[ \t\n\v\f\r]/.test(character);
}
