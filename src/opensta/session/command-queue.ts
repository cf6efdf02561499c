import { StaError } from "../sta-error.js";

/** Runs one piece of work at a time, in the order asked; what waits is bounded. */
export class CommandQueue {
  #waiting: { readonly start: () => void; readonly refuse: (error: StaError) => void }[] = [];
  #busy = false;

  constructor(private readonly waitingMax: number) {}

  /** Whether somebody has the turn. */
  get busy(): boolean {
    return this.#busy;
  }

  /**
   * Waits for a turn; the answer ends it.
   * @throws StaError `queue-full` at once, `cancelled` if the signal comes before the turn does.
   */
  async turn(command: string, signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw cancelledBefore(command);
    if (this.#busy) await this.#wait(command, signal);
    this.#busy = true;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#busy = false;
    };
  }

  /** Refuses all that wait. */
  refuseAll(error: (command: string) => StaError): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error("a waiting command"));
  }

  async #wait(command: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.waitingMax)
      throw new StaError(
        "queue-full",
        `${this.waitingMax} commands wait already`,
        "Await the answers of earlier commands before giving more, or raise waitingMax.",
        { command },
      );
    await new Promise<void>((start, refuse) => {
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(place), 1);
        refuse(cancelledBefore(command));
      };
      const settle = () => signal?.removeEventListener("abort", abort);
      const place = {
        start: () => (settle(), start()),
        refuse: (error: StaError) => (settle(), refuse(error)),
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(place);
    });
  }
}

function cancelledBefore(command: string): StaError {
  return new StaError("cancelled", "the command was cancelled before its turn", "Nothing was run.", { command });
}
