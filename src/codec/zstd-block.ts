/**
 * The block codec: Zstandard (RFC 8878), one frame a block, optionally with the same region of another text as raw
 * dictionary. Frames carry their own checksum, since a wrong raw dictionary decodes to garbage without a word; callers
 * keep a SHA-256 beside it.
 */
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { promisify } from "node:util";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Level 9 is where a full block of report text stops shrinking quickly (bench/RESULTS.md has the ladder). */
const alone = {
  [constants.ZSTD_c_compressionLevel]: 9,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** A dictionary of some megabytes wants a window and a hash table that reach over it, and a lazy search. */
const withDictionary = {
  ...alone,
  [constants.ZSTD_c_compressionLevel]: 12,
  [constants.ZSTD_c_strategy]: constants.ZSTD_lazy2,
  [constants.ZSTD_c_windowLog]: 23,
  [constants.ZSTD_c_hashLog]: 22,
  [constants.ZSTD_c_chainLog]: 23,
  [constants.ZSTD_c_searchLog]: 6,
};

/** Compresses one block; `dictionary` must be handed to `decodeBlock` again, byte for byte. */
export async function encodeBlock(raw: Uint8Array, dictionary?: Uint8Array): Promise<Uint8Array> {
  return dictionary?.length
    ? await compress(raw, { params: withDictionary, dictionary })
    : await compress(raw, { params: alone });
}

/**
 * Gives back the block's bytes.
 * @throws Error if the frame is damaged, or does not hold `rawBytes` bytes.
 */
export async function decodeBlock(encoded: Uint8Array, rawBytes: number, dictionary?: Uint8Array): Promise<Uint8Array> {
  const raw = await decompress(encoded, {
    maxOutputLength: rawBytes + 1,
    ...(dictionary?.length ? { dictionary } : {}),
  });
  if (raw.length !== rawBytes) throw new Error(`a block of ${rawBytes} bytes decoded to ${raw.length}`);
  return raw;
}
