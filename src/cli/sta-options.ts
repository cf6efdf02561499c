import { resolve } from "node:path";
import { Command } from "commander";
import { OpenStaSession } from "../opensta/session/session.js";
import type { CommandOptions } from "../opensta/session/session-options.js";
import { tclWord } from "../opensta/tcl-list.js";
import type { ToolMessage } from "../opensta/records/session.js";
import { interruptible } from "./interruptible.js";
import { duration } from "./option-values.js";
import { say } from "./session.js";

/** Options that all commands over the tool take. */
export interface StaCommandOptions {
  readonly staExecutable: string;
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly setup?: readonly string[];
  /** In seconds. */
  readonly timeout?: number;
  readonly stuck?: number;
}

/** A command over OpenSTA, with the options that they share, and examples under its help. */
export function staSubcommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .option("--sta-executable <path>", "the tool: sta, openroad", "sta")
    .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}\n`).join("")}`);
}

/** What a session is given besides. */
export function withSessionOptions(command: Command): Command {
  return command
    .option(
      "--setup <script>",
      "a script to run first, such as one that reads the design; may be given several times",
      (value, all: string[] | undefined) => [...(all ?? []), value],
    )
    .option("--timeout <seconds>", "end a command that takes longer", duration)
    .option("--stuck <seconds>", "end a command that neither works nor prints for so long (default: 60)", duration);
}

/**
 * Opens the tool for one command, runs the set-up scripts, and ends it after, also when interrupted. `work` is told the
 * limits of the commands that it gives.
 */
export async function withSession(
  options: StaCommandOptions,
  work: (session: OpenStaSession, limits: CommandOptions) => Promise<void>,
): Promise<void> {
  const wallMs = milliseconds(options.timeout);
  const stuckMs = milliseconds(options.stuck);
  const session = await OpenStaSession.open({ executable: options.staExecutable, autoRecover: true });
  try {
    await interruptible(
      () => void session.close(),
      async () => {
        for (const script of options.setup ?? []) await runSetup(session, script, { wallMs, stuckMs });
        await work(session, { wallMs, stuckMs });
      },
    );
  } finally {
    await session.close();
  }
}

async function runSetup(session: OpenStaSession, script: string, limits: CommandOptions): Promise<void> {
  const { output, warnings, error } = await session.run(`source ${tclWord(resolve(script))}`, limits);
  process.stderr.write(output);
  for (const warning of warnings) say(messageText(warning));
  if (error) throw error;
}

/** `warning: base.sdc, line 47: object 'x' not found.` */
export function messageText({ level, file, line, text, items }: ToolMessage): string {
  const place = file === null ? "" : `${file}${line === null ? "" : `, line ${line}`}: `;
  return [`${level}: ${place}${text}`, ...items].join("\n        ");
}

function milliseconds(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time * 1000;
}
