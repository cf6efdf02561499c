/**
 * The block codec of the hot cache: LZ4 (the block format, its size before it as a little-endian u32) with a CRC-32 of
 * the encoded bytes, which is looked at before anything is decoded.
 */
import { crc32 } from "node:zlib";
import { compressSync, uncompressSync } from "lz4-napi";

export interface CheckedBlock {
  readonly bytes: Uint8Array;
  /** CRC-32 of `bytes`. */
  readonly check: number;
}

/** A block of some hundred kilobytes takes less time than a thread would cost. */
export function packBlock(raw: Buffer): CheckedBlock {
  const bytes = compressSync(raw);
  return { bytes, check: crc32(bytes) };
}

/**
 * Gives back the block's bytes.
 * @throws Error if they are not what was packed.
 */
export function unpackBlock({ bytes, check }: CheckedBlock): Uint8Array {
  if (crc32(bytes) !== check) throw new Error(`a block of ${bytes.length} bytes does not fit its checksum`);
  return uncompressSync(bytes);
}
