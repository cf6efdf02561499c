import type { ReportKernel } from "./report-kernel.js";

/** Names whose text is kept once it was asked for; the names of a whole design would not fit as strings. */
const textsMax = 1 << 16;

/** The names that a kernel has met: equal bytes, equal id, dense from 0. Text is made only when asked for. */
export class NameTable {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #texts: string[] = [];

  constructor(
    private readonly kernel: ReportKernel,
    private readonly table: 0 | 1,
  ) {}

  /** How many distinct names there are. */
  get size(): number {
    return this.kernel.nameCount(this.table);
  }

  /** The name as text; bytes that are no UTF-8 come out as U+FFFD. */
  text(id: number): string {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const bytes = this.#memory();
    const record = this.kernel.nameRecord(this.table, id);
    const from = record + 12;
    const text = bytes.toString("utf8", from, from + bytes.readUInt32LE(record + 4));
    if (id < textsMax) this.#texts[id] = text;
    return text;
  }

  /** The id of a name; one that was not met before gets its own. Names are no longer than lines may be. */
  id(text: string): number {
    const { nameRoom, nameRoomBytes } = this.kernel;
    return this.kernel.nameId(this.table, this.#memory().write(text, nameRoom.value, nameRoomBytes.value, "utf8"));
  }

  #memory(): Buffer {
    const { buffer } = this.kernel.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = Buffer.from(buffer);
    return this.#bytes;
  }
}
