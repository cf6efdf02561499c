/** How long something that was closed may still hold the process, and how often is looked then. */
const patienceMs = 2000;

/**
 * Ends the process once all output is taken, if something that was closed still holds it: EventStoreDB's client does when
 * a server that it asked stands still.
 */
export function endWhatHangs(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
    endWhatHangs();
  }, patienceMs).unref();
}
