/** Bytes in order, pulled piece by piece. A piece is only good until the next one is asked for. */
export type ByteSource = AsyncIterable<Uint8Array>;
