import type { ToolMessage } from "../records/session.js";
import { readToolMessage } from "../tool-message.js";

export interface SeparatedOutput {
  /** The text without warnings and errors. */
  readonly text: string;
  readonly messages: readonly ToolMessage[];
}

/** Messages of one output, and items of one message, that are kept; more are only counted in a last one. */
const messagesMax = 1000;

/**
 * Takes the tool's warnings and errors out of what a command printed, each with the list of names below it. Reports
 * print indented lines too: only a lone name is part of such a list.
 */
export function separateMessages(output: string): SeparatedOutput {
  if (!/^(?:Warning|Error|WARNING|ERROR|\[)/m.test(output)) return { text: output, messages: [] };
  const kept: string[] = [];
  const messages: (ToolMessage & { readonly items: string[] })[] = [];
  let items: string[] | null = null;
  let omitted = 0;
  for (const line of output.split("\n")) {
    const message = readToolMessage(line);
    if (message && message.level !== "info") {
      items = [];
      if (messages.length < messagesMax) messages.push({ ...message, items });
      else omitted++;
    } else if (items && /^ {2}\S+$/.test(line)) {
      if (items.length < messagesMax) items.push(line.trim());
    } else {
      items = null;
      kept.push(line);
    }
  }
  const more = {
    level: "warning",
    code: null,
    file: null,
    line: null,
    text: `${omitted} more messages`,
    items: [],
  } as const;
  return { text: kept.join("\n"), messages: omitted > 0 ? [...messages, more] : messages };
}

/** A text as an error of the tool, or null if it is none; it may go on over several lines. */
export function readError(text: string): ToolMessage | null {
  const [first = "", ...rest] = text.split("\n");
  const message = readToolMessage(first);
  return message?.level === "error" ? { ...message, text: [message.text, ...rest].join("\n") } : null;
}
