/** How often a line is drawn: often where it is redrawn, seldom where it stays. */
const redrawMs = 100;
const plainMs = 5000;

/** One line on stderr for long work: redrawn on a terminal, a plain line every few seconds otherwise. */
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY;
  #drawnAt = performance.now();
  #drawn = false;

  show(text: () => string): void {
    const now = performance.now();
    if (now - this.#drawnAt < (this.#terminal ? redrawMs : plainMs)) return;
    this.#drawnAt = now;
    if (this.#terminal) {
      process.stderr.write(`\r\u001b[2K${text().slice(0, (process.stderr.columns || 80) - 1)}`);
      this.#drawn = true;
    } else process.stderr.write(`${text()}\n`);
  }

  end(): void {
    if (this.#drawn) process.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }
}
