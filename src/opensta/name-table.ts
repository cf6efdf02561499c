import type { Names } from "./names.js";
import type { ReportKernel } from "./report-kernel.js";

/** Names whose text is kept once it was asked for; the names of a whole design would not fit as strings. */
const textsMax = 1 << 16;

/** The names that a kernel has met: equal bytes, equal id, dense from 0. Text is made only when asked for. */
export class NameTable implements Names {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #texts: string[] = [];

  constructor(
    private readonly kernel: ReportKernel,
    private readonly table: 0 | 1,
  ) {}

  get size(): number {
    return this.kernel.nameCount(this.table);
  }

  text(id: number): string {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const text = this.bytes(id).toString();
    if (id < textsMax) this.#texts[id] = text;
    return text;
  }

  bytes(id: number): Buffer {
    const memory = this.#memory();
    const record = this.kernel.nameRecord(this.table, id);
    const from = record + 12;
    return memory.subarray(from, from + memory.readUInt32LE(record + 4));
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

/** The names of a report that the kernel reads: those of pins, and all others. */
export interface NameTables {
  readonly pins: NameTable;
  readonly others: NameTable;
}
