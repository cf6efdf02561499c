import { constants } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Those that end work. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type Interruption = (typeof signals)[number];

/** What a process ends with that a signal ended, by the shells' convention. */
export const exitCodeOfSignal = (signal: Interruption): number => 128 + constants.signals[signal];

/** Runners such as npx hand on a Ctrl-C that the terminal has sent already: what comes so soon is the same one. */
const sameSignalMs = 1000;

/**
 * Does work that a signal ends, and answers which one came, null if none did; what the work throws then is no more than
 * that. The exit code is set to the signal's. A second signal ends the process at once.
 */
export async function interruptible(
  onInterrupt: (signal: Interruption) => void,
  work: () => Promise<void>,
): Promise<Interruption | null> {
  const came: { readonly signal: Interruption; readonly at: number }[] = [];
  const interrupt = (signal: NodeJS.Signals) => {
    const [first] = came;
    if (first && performance.now() - first.at > sameSignalMs) process.exit(exitCodeOfSignal(first.signal));
    came.push({ signal: signal as Interruption, at: performance.now() });
    if (!first) onInterrupt(signal as Interruption);
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await work();
  } catch (error) {
    // Ctrl-C reaches the tool too, whose end may be known before the signal is.
    await nextTurn();
    if (came.length === 0) throw error;
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
    if (came[0]) process.exitCode = exitCodeOfSignal(came[0].signal);
  }
  return came[0]?.signal ?? null;
}
