import { crc32 } from "node:zlib";

/** Length and CRC-32 of a section. */
const headBytes = 8;
/** A section at most: what is looked at together. */
const sectionBytesMax = 16 << 20;

/** Writes sections: `<u32 length> <u32 CRC-32> <bytes>`, little endian. */
export class StateWriter {
  constructor(private readonly file: { write(bytes: Uint8Array): void }) {}

  /** Writes one section. */
  write(bytes: Uint8Array): void {
    if (bytes.length > sectionBytesMax) throw new RangeError(`a section of ${bytes.length} bytes is too long`);
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(bytes.length, 0);
    head.writeUInt32LE(crc32(bytes), 4);
    this.file.write(head);
    this.file.write(bytes);
  }

  /** Writes something of any length as sections. */
  writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += sectionBytesMax) this.write(bytes.subarray(at, at + sectionBytesMax));
  }
}

/** Reads what `StateWriter` wrote. Whatever is damaged or cut throws. */
export class StateReader {
  #at = 0;

  constructor(private readonly file: { read(at: number, bytes: number): Uint8Array }) {}

  /** The next section; good until another is read. */
  next(): Buffer {
    const head = this.#take(headBytes);
    const length = head.readUInt32LE(0);
    const check = head.readUInt32LE(4);
    if (length > sectionBytesMax) throw new Error("no section");
    const bytes = this.#take(length);
    if (crc32(bytes) !== check) throw new Error("a section is damaged");
    return bytes;
  }

  /** Reads sections to where they are wanted, until that is full. */
  readAll(into: Uint8Array): void {
    for (let at = 0; at < into.length;) {
      const bytes = this.next();
      if (bytes.length === 0) throw new Error("a section is empty");
      into.set(bytes, at);
      at += bytes.length;
    }
  }

  #take(bytes: number): Buffer {
    const taken = this.file.read(this.#at, bytes);
    this.#at += bytes;
    return Buffer.from(taken.buffer, taken.byteOffset, taken.length);
  }
}
