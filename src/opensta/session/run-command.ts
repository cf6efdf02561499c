import { StaError } from "../sta-error.js";
import { commandResult, type CommandResult } from "./command-result.js";
import type { CommandOptions } from "./session-options.js";
import { isChildEnd } from "./sta-child.js";
import type { Tool } from "./tool.js";

/** Runs one command to its end and gives what it printed, returned and warned of. */
export async function runCommand(
  tool: Tool,
  command: string,
  options: CommandOptions & { readonly changesState?: boolean; readonly captures?: boolean } = {},
): Promise<CommandResult> {
  const { outputBytesMax } = tool.limits;
  const turn = await tool.turn(command, options);
  try {
    const finish = tool.transcript.begin(command, options.changesState);
    const execution = turn.child.execute(command, {
      textBytesMax: outputBytesMax,
      resultCharactersMax: outputBytesMax,
    });
    const underWay = tool.watch(turn.child, command, options, { bytes: () => execution.textBytes, held: () => false });
    const reply = await execution.reply;
    underWay.end();
    if (isChildEnd(reply)) {
      finish("lost", execution.textBytes);
      throw tool.lost(command, reply, underWay.endedBy, execution.text);
    }
    const answer = commandResult(command, execution.text, reply);
    finish(answer.error ? "error" : "ok", execution.textBytes);
    if (!answer.error) await tool.noteFigures(turn.child, command);
    const size = Math.max(execution.textBytes, reply.resultCharacters);
    if (size > outputBytesMax) throw tooLarge(command, size, outputBytesMax, execution.text);
    return answer;
  } finally {
    turn.end();
  }
}

function tooLarge(command: string, bytes: number, bytesMax: number, output: string): StaError {
  return new StaError(
    "output-too-large",
    `the command gave ${bytes.toLocaleString("en-US")} bytes; ${bytesMax.toLocaleString("en-US")} are kept`,
    "It has run. Use streamCommand, which holds only what is being read, or raise outputBytesMax.",
    { command, output: output.slice(0, 20_000) },
  );
}
