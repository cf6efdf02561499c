/** A wait that somebody may end early; one waits at a time. */
export class Doorbell {
  #open: (() => void) | null = null;

  ring(): void {
    this.#open?.();
  }

  /** Returns at the next ring, after `ms` at the latest. */
  async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#open = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#open = null;
  }
}
