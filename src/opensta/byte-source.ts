/** Bytes in order, pulled piece by piece. A piece is only good until the next one is asked for. */
export type ByteSource = AsyncIterable<Uint8Array>;

/** A source that can also put its next bytes where the reader wants them. Iterate it or read it, not both. */
export interface ByteReader extends ByteSource {
  /** Answers how many bytes it has put at the beginning of `target`; 0: there are no more, and the source is closed. */
  readInto(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export function isByteReader(source: ByteSource): source is ByteReader {
  return "readInto" in source;
}
