/**
 * What the tool says between results, in its three shapes (2.x, 3.x, openroad):
 *
 *     Warning: base.sdc, 47 object 'x' not found.      Warning: bb.v, line 1 module NOCELL not found.
 *     Warning 101: base.sdc line 1, object 'x' not found.      Error 511: report_checks command failed.
 *     [WARNING STA-0366] port 'x' not found.
 *
 * A few go on with an indented list of names.
 */

export interface ToolMessage {
  readonly severity: "warning" | "error";
  /** The tool's own number (`101`, `STA-0366`), or null where it has none (2.x). */
  readonly code: string | null;
  /** The file and line that it names, if any. */
  readonly file: string | null;
  readonly line: number | null;
  /** The text, with the list that followed. */
  readonly message: string;
}

/** A line as a message of the tool, or null if it is none. */
export function toolMessage(line: string): ToolMessage | null {
  const bracketed = /^\[(WARNING|ERROR|CRITICAL) ([A-Z]{2,6}-\d+)\] (.*)$/s.exec(line);
  if (bracketed)
    return {
      severity: bracketed[1] === "WARNING" ? "warning" : "error",
      code: bracketed[2]!,
      ...placed(bracketed[3]!),
    };
  const plain = /^(Warning|Error)(?: (\d+))?: (.*)$/s.exec(line);
  if (!plain) return null;
  return { severity: plain[1] === "Warning" ? "warning" : "error", code: plain[2] ?? null, ...placed(plain[3]!) };
}

/** A line as an error of the tool, or null if it is none. */
export function errorLine(line: string): ToolMessage | null {
  const message = toolMessage(line);
  return message?.severity === "error" ? message : null;
}

/** `base.sdc, 47 text`, `bb.v, line 1 text`, `base.sdc line 1, text`, or only text. */
function placed(text: string): Pick<ToolMessage, "file" | "line" | "message"> {
  const match = /^(\S+?)(?:, (?:line )?(\d+) | line (\d+), )(.*)$/s.exec(text);
  if (!match) return { file: null, line: null, message: text };
  return { file: match[1]!, line: Number(match[2] ?? match[3]), message: match[4]! };
}

export interface SeparatedOutput {
  /** The text without the messages. */
  readonly text: string;
  readonly messages: readonly ToolMessage[];
}

/** Messages of one output that are kept; more are only counted in a last one. */
const messagesMax = 1000;

/** Takes the tool's messages out of what a command printed. */
export function separateMessages(output: string): SeparatedOutput {
  if (!/^(?:Warning|Error|\[)/m.test(output)) return { text: output, messages: [] };
  const kept: string[] = [];
  const messages: ToolMessage[] = [];
  let omitted = 0;
  let last: ToolMessage | null = null;
  for (const line of output.split("\n")) {
    const message = toolMessage(line);
    if (message) {
      last = message;
      if (messages.length < messagesMax) messages.push(last);
      else omitted++;
    } else if (last && /^ {2}\S+$/.test(line)) {
      if (omitted > 0) continue;
      last = withMore(last, line);
      messages[messages.length - 1] = last;
    } else {
      last = null;
      kept.push(line);
    }
  }
  if (omitted > 0)
    messages.push({ severity: "warning", code: null, file: null, line: null, message: `${omitted} more messages` });
  return { text: kept.join("\n"), messages };
}

function withMore(message: ToolMessage, line: string): ToolMessage {
  return { ...message, message: `${message.message}\n${line}` };
}
