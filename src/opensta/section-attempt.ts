import type { Line } from "./line.js";
import type { Emit, LineVerdict, SectionReader, Tell } from "./report-format.js";

/** A section that a line may begin: what its reader tells is held back until it is sure that it is one. */
export class SectionAttempt {
  #held: (() => void)[] | null = [];
  #reader: SectionReader | null = null;
  /** The line that began it, where that alone is no proof. */
  first: Line | null = null;

  constructor(
    private readonly deliver: Emit,
    private readonly note: Tell,
  ) {}

  /** For the reader. */
  readonly emit: Emit = (record) => {
    if (this.#held) this.#held.push(() => this.deliver(record));
    else this.deliver(record);
  };
  readonly tell: Tell = (note) => {
    if (this.#held) this.#held.push(() => this.note(note));
    else this.note(note);
  };

  begin(reader: SectionReader, line: Line): void {
    this.#reader = reader;
    if (reader.tentative) this.first = line.copy();
  }

  get reader(): SectionReader {
    return this.#reader!;
  }

  /** The line that decides; a blank one does not. */
  take(line: Line): LineVerdict | "undecided" {
    const verdict = this.reader.take(line);
    return line.isBlank ? (verdict === "taken" ? "undecided" : "foreign") : verdict;
  }

  /** It is a section: what was held back is delivered, what comes is no longer held. */
  settle(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const deliver of held) deliver();
  }
}
