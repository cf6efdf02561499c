import { createInterface } from "node:readline";
import type { CommandResult } from "../opensta/session/command-result.js";
import type { OpenStaSession } from "../opensta/session/session.js";
import type { CommandOptions } from "../opensta/session/session-options.js";
import { StaError } from "../opensta/sta-error.js";
import { activityText } from "./activity-text.js";
import { writeOut } from "./output.js";
import { ProgressLine } from "./progress-line.js";
import { say } from "./session.js";
import { messageText } from "./sta-options.js";

/**
 * Takes commands from standard input until it ends: each is run once it is whole, and its answer printed. A command
 * that fails, or under which the tool dies, does not end it. Ctrl-C on a terminal ends the command under way, or drops
 * the one that is being typed.
 */
export async function runShell(session: OpenStaSession, limits: CommandOptions, json: boolean): Promise<void> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const lines = createInterface({ input: process.stdin, terminal, ...(terminal ? { output: process.stdout } : {}) });
  const prompt = (words: string) => {
    lines.setPrompt(words);
    if (terminal) lines.prompt();
  };
  let abort: AbortController | null = null;
  let text = "";
  lines.on("SIGINT", () => {
    if (abort) return abort.abort();
    text = "";
    lines.write(null, { ctrl: true, name: "u" });
    process.stdout.write("\n");
    prompt("sta> ");
  });
  const answer = async (command: string) => {
    if (command.trim() === "") return;
    abort = new AbortController();
    await answerCommand(session, command, { ...limits, signal: abort.signal }, json);
    abort = null;
  };
  prompt("sta> ");
  for await (const line of lines) {
    text += text === "" ? line : `\n${line}`;
    if (/^\s*(?:exit|quit)\s*$/.test(text)) return lines.close();
    if (!(await session.isComplete(text))) {
      prompt("...> ");
      continue;
    }
    await answer(text);
    text = "";
    prompt("sta> ");
  }
  await answer(text);
  if (terminal) process.stdout.write("\n");
}

async function answerCommand(
  session: OpenStaSession,
  command: string,
  options: CommandOptions,
  json: boolean,
): Promise<void> {
  const progress = new ProgressLine();
  const showing = session.activity.subscribe((activity) => {
    if (process.stderr.isTTY && activity.elapsedMs > 0) progress.show(() => activityText(activity));
  });
  const outcome = await session.run(command, options).catch((error: unknown) => {
    if (error instanceof StaError && error.code !== "closed") return error;
    throw error;
  });
  showing.unsubscribe();
  progress.end();
  if (json) return await writeOut(`${JSON.stringify({ command, ...answerJson(outcome), state: session.state })}\n`);
  if (outcome instanceof StaError) {
    if (outcome.output !== "") await writeOut(withNewline(outcome.output));
    return tellError(outcome);
  }
  for (const warning of outcome.warnings) say(messageText(warning));
  if (outcome.output !== "") await writeOut(withNewline(outcome.output));
  if (outcome.error) tellError(outcome.error);
  else if (outcome.result !== "") await writeOut(withNewline(outcome.result));
}

function answerJson(outcome: CommandResult | StaError): object {
  const error = outcome instanceof StaError ? outcome : outcome.error;
  const { output } = outcome;
  const told = error && {
    code: error.code,
    message: error.message,
    cure: error.cure,
    file: error.file,
    line: error.line,
    toolCode: error.toolCode,
  };
  const { result = "", warnings = [] } = outcome instanceof StaError ? {} : outcome;
  return { output, result, warnings, error: told ?? null };
}

function tellError(error: StaError): void {
  say(`error: ${error.message}`);
  process.stderr.write(`      ${error.cure}\n`);
}

function withNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
