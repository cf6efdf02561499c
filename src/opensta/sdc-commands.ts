/**
 * SDC text as write_sdc prints it, and people write it:
 *
 *     set_false_path\
 *         -from [list [get_clocks {clk_a}]\
 *                [get_clocks {vio}]]\
 *         -to [get_clocks {clk_b}]
 */

/** The commands of an SDC text, each as its words; continuations are joined, comments dropped, nesting respected. */
export function sdcCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === "\\" && /^\\\r?\n/.test(text.slice(at, at + 3))) at += text[at + 1] === "\r" ? 3 : 2;
    else if (character === "\n" || character === ";") {
      if (words.length > 0) commands.push(words);
      words = [];
      at++;
    } else if (/\s/.test(character)) at++;
    else if (character === "#" && words.length === 0) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else {
      const end = wordEnd(text, at);
      words.push(text.slice(at, end).replaceAll(/\\\r?\n\s*/g, " "));
      at = end;
    }
  }
  if (words.length > 0) commands.push(words);
  return commands;
}

/** Counts over the lines of a text what brackets, braces and quotes stand open. */
export class SdcNesting {
  #depth = 0;
  #quoted = false;

  get isOpen(): boolean {
    return this.#depth > 0 || this.#quoted;
  }

  add(line: string): void {
    for (let at = 0; at < line.length; at++) {
      const character = line[at]!;
      if (character === "\\") at++;
      else if (character === '"') this.#quoted = !this.#quoted;
      else if (character === "{" || character === "[") this.#depth++;
      else if ((character === "}" || character === "]") && this.#depth > 0) this.#depth--;
    }
  }
}

/** Lists in lists that are looked into. */
const nestingMax = 50;

/** The names in an object argument: `[get_clocks {a b}]`, `[list [get_ports x] [get_ports y]]`, `{a b}`, `a`. */
export function objectNames(word: string): string[] {
  return namesIn(word, nestingMax);
}

function namesIn(word: string, nesting: number): string[] {
  const inner = word.trim();
  if (nesting === 0) return [inner];
  if (inner.startsWith("[") && inner.endsWith("]")) {
    const [command, ...rest] = sdcCommands(inner.slice(1, -1))[0] ?? [];
    const operands =
      command === "list"
        ? rest
        : rest.filter((each, at) => !each.startsWith("-") && !rest[at - 1]?.startsWith("-filter"));
    return operands.flatMap((operand) => namesIn(operand, nesting - 1));
  }
  if (inner.startsWith("{") && inner.endsWith("}")) return sdcCommands(inner.slice(1, -1)).flat();
  if (inner.startsWith('"') && inner.endsWith('"')) return sdcCommands(inner.slice(1, -1)).flat();
  return [inner];
}

function wordEnd(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  let at = from;
  for (; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      if (depth === 0 && !quoted && /^\\\r?\n/.test(text.slice(at, at + 3))) return at;
      at++;
    } else if (character === '"') quoted = !quoted;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (depth <= 0 && !quoted && (/\s/.test(character) || character === ";")) return at;
  }
  return at;
}
