import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib";
import type { ByteSource } from "./byte-source.js";

/** How a text is packed. */
export type Packing = "gz" | "zst";

/** Packed bytes that cannot be read on: `packedAt` bytes were good, and `textBytes` of text came out of them. */
export class DamagedError extends Error {
  constructor(
    readonly packedAt: number,
    readonly textBytes: number,
    readonly reason: "damaged" | "cut",
    options?: ErrorOptions,
  ) {
    super(`packed data is ${reason} at byte ${packedAt}`, options);
    this.name = "DamagedError";
  }
}

/** Text is made in pieces of this size at most. */
const textBytesMax = 1 << 20;

/**
 * The text of packed bytes, all members or frames of them; zeros may follow a .gz. They are unpacked in the pieces that
 * they come in: a damage costs the text of its piece at most, and is placed as exactly as the pieces are small.
 * @throws DamagedError where the bytes cannot be read on.
 */
export async function* unpack(packed: ByteSource, packing: Packing): AsyncGenerator<Uint8Array> {
  const told = { packed: 0, text: 0 };
  let member = new Member(packing, told);
  let padding = false;
  try {
    for await (const bytes of packed)
      for (let piece = bytes; piece.length > 0;) {
        if (!padding) piece = piece.subarray(yield* member.feed(piece));
        if (piece.length === 0) continue;
        if (packing === "zst") {
          member.close();
          member = new Member(packing, told);
          continue;
        }
        const damage = piece.findIndex((byte) => byte !== 0);
        if (damage >= 0) throw new DamagedError(told.packed + damage, told.text, "damaged");
        told.packed += piece.length;
        padding = true;
        break;
      }
    if (!padding) yield* member.feed(null);
  } finally {
    member.close();
  }
}

/** A decompressor and the bytes that it has taken: a .gz as a whole, or a frame of a .zst and those that follow in line. */
class Member {
  readonly #engine: Gunzip | ZstdDecompress;
  #wake: () => void = () => undefined;
  #error: Error | null = null;
  #over = false;

  /** `told`: how much was read and made of all members so far. */
  constructor(
    packing: Packing,
    private readonly told: { packed: number; text: number },
  ) {
    const options = { chunkSize: textBytesMax };
    const params = { [constants.ZSTD_d_windowLogMax]: 31 };
    this.#engine = packing === "gz" ? createGunzip(options) : createZstdDecompress({ ...options, params });
    this.#engine.on("readable", () => this.#wake());
    this.#engine.on("end", () => {
      this.#over = true;
      this.#wake();
    });
    this.#engine.on("error", (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** The text of the next piece, and how much of the piece was taken: less than all where the member ends in it; null ends it. */
  async *feed(piece: Uint8Array | null): AsyncGenerator<Uint8Array, number> {
    const before = this.#engine.bytesWritten;
    let taken = false;
    if (piece === null) this.#engine.end();
    else
      this.#engine.write(piece, () => {
        taken = true;
        this.#wake();
      });
    for (;;) {
      const text = this.#engine.read() as Uint8Array | null;
      if (text) {
        this.told.text += text.length;
        yield text;
      } else if (this.#error) {
        const reason = piece === null ? "cut" : "damaged";
        throw new DamagedError(this.told.packed, this.told.text, reason, { cause: this.#error });
      } else if (taken || this.#over) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const consumed = this.#engine.bytesWritten - before;
    this.told.packed += consumed;
    return consumed;
  }

  close(): void {
    this.#engine.destroy();
  }
}
