import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { Command, CommanderError } from "commander";
import { SourceError } from "../opensta/source-error.js";
import { StaError } from "../opensta/sta-error.js";
import { GroupDiffersError } from "../store/competing-consumers.js";
import { StoreError } from "../store/event-store.js";
import { BlockDamagedError } from "../timing/stage-reader.js";
import { UnknownEventError } from "../../schemas/unknown-event-error.js";
import { captureCommand } from "./commands/capture.js";
import { catCommand } from "./commands/cat.js";
import { compactCommand } from "./commands/compact.js";
import { copyCommand } from "./commands/copy.js";
import { diffCommand } from "./commands/diff.js";
import { initCommand } from "./commands/init.js";
import { logCommand } from "./commands/log.js";
import { parseCommand } from "./commands/parse.js";
import { pageCommand } from "./commands/page.js";
import { pathsCommand } from "./commands/paths.js";
import { projectionsCommand } from "./commands/projections.js";
import { rebuildCommand } from "./commands/rebuild.js";
import { replayCommand } from "./commands/replay.js";
import { rollbackCommand } from "./commands/rollback.js";
import { serveCommand } from "./commands/serve.js";
import { showCommand } from "./commands/show.js";
import { staCommand } from "./commands/sta.js";
import { taskCommand } from "./commands/task.js";
import { verifyCommand } from "./commands/verify.js";
import { watchCommand } from "./commands/watch.js";
import { SpoolError } from "../opensta/spool/spool-writer.js";
import { exitCodes, UsageError } from "./exit-codes.js";
import { OutputLost } from "./output.js";
import { answers, complain, complainInWords, tellInJson } from "./session.js";

/** Runs one command line; answers with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    // What is written while it parts fails likewise.
    process.stdout.on("error", () => undefined);
    endQuietly(error);
  });
  answers.inJson = args.includes("--json");
  const program = new Command("ckpt")
    .description("An event-sourced ledger of timing checkpoints: capture, compare, roll back, verify.")
    .version(version(), "-V, --version", "print the version")
    .configureOutput({ outputError: (text, write) => write(`ckpt: ${text.replace(/^error: /, "")}`) })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      "\nExample:\n  $ ckpt capture --design lane --stage cts reports/*.rpt out.sdc\n  $ ckpt log lane\n",
    );
  const commands = [
    initCommand(),
    captureCommand(),
    logCommand(),
    showCommand(),
    catCommand(),
    pathsCommand(),
    diffCommand(),
    rollbackCommand(),
    compactCommand(),
    copyCommand(),
    verifyCommand(),
    rebuildCommand(),
    projectionsCommand(),
    replayCommand(),
    watchCommand(),
    serveCommand(),
    parseCommand(),
    pageCommand(),
    staCommand(),
    taskCommand(),
  ];
  for (const command of commands) program.addCommand(withHouseRules(command));
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    return failure(error);
  }
}

function withHouseRules(command: Command): Command {
  command
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`ckpt: ${text.replace(/^error: /, "")}`) })
    .showSuggestionAfterError();
  for (const each of command.commands) withHouseRules(each);
  return command;
}

function version(): string {
  const { version: own } = JSON.parse(readFileSync(findPackageJSON(import.meta.url)!, "utf8")) as { version: string };
  return own;
}

/** Every exception becomes a line of what, and a line of what to do. */
function failure(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    // Commander has told it in words.
    tellInJson(error.message.replace(/^error: /, ""), "--help shows what there is.", exitCodes.usage);
    return exitCodes.usage;
  }
  if (error instanceof OutputLost) return Number(process.exitCode ?? exitCodes.ok);
  if (error instanceof StoreError) complain(error.message, error.cure, exitCodes.store);
  else if (error instanceof GroupDiffersError) complain(error.message, error.cure, exitCodes.invalidInput);
  else if (error instanceof UsageError) complain(error.message, error.cure, exitCodes.usage);
  else if (error instanceof UnknownEventError) complain(error.message, error.cure, exitCodes.store);
  else if (error instanceof SpoolError) complain(error.message, error.cure, exitCodes.store);
  else if (error instanceof StaError) complain(error.message, error.cure, exitCodes.tool);
  else if (error instanceof SourceError) complain(error.message, error.cure, exitCodes.invalidInput);
  else if (error instanceof BlockDamagedError)
    complain(
      error.message,
      "Nothing was served in its place. `ckpt verify` names the event that was changed.",
      exitCodes.corrupted,
    );
  else {
    const message = error instanceof Error ? error.message : String(error);
    complain(message, "This is a fault of ckpt. CKPT_DEBUG=1 shows where.", exitCodes.internal);
    if (process.env["CKPT_DEBUG"] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  return Number(process.exitCode);
}

/** How long what works for a reader that is gone may take to put down what it holds, in milliseconds. */
const partingMs = 200;

/** A reader that has seen enough (`ckpt cat … | head`) is no fault. */
function endQuietly(error: NodeJS.ErrnoException): void {
  const isGone = error.code === "EPIPE";
  if (!isGone)
    complainInWords(
      `the output cannot be written: ${error.message}`,
      "What the ledger holds is as it was.",
      exitCodes.internal,
    );
  setTimeout(() => process.exit(isGone ? exitCodes.ok : exitCodes.internal), partingMs);
}
