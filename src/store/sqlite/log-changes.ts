/** How often a waiting subscription asks whether another process has written, in milliseconds. */
const pollMs = 10;

/** Wakes those who wait at the end of a log: at once for this process's appends, soon for those of others. */
export class LogChanges {
  readonly #waiting = new Set<() => void>();

  /** `grownBeyond`: whether the log has grown beyond a position, or is closed. */
  constructor(private readonly grownBeyond: (position: number) => boolean) {}

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  /**
   * Returns when the log has grown or was closed, or the subscriber leaves.
   * @throws what asking throws: the file may have been replaced meanwhile.
   */
  async wait(seen: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        clearInterval(poll);
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
      };
      const done = () => {
        leave();
        resolve();
      };
      const poll = setInterval(() => {
        try {
          if (this.grownBeyond(seen)) done();
        } catch (error) {
          leave();
          reject(error);
        }
      }, pollMs);
      this.#waiting.add(done);
      signal?.addEventListener("abort", done);
      if (signal?.aborted) done();
    });
  }
}
