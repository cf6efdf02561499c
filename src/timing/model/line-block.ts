import { encodeNumbers, NumberReader } from "../leb128.js";

/**
 * The stored form of a block of lines: numbers as LEB128 (items, pins known before, pins known after, bytes of the coded
 * names, of their plain bits, of the coded lines), then these three.
 */
export interface LineBlock {
  readonly items: number;
  readonly firstPin: number;
  readonly pinEnd: number;
  readonly names: Uint8Array;
  readonly namesPlain: Uint8Array;
  readonly lines: Uint8Array;
}

export function writeLineBlock(block: LineBlock): Uint8Array {
  const { items, firstPin, pinEnd, names, namesPlain, lines } = block;
  const head = encodeNumbers([items, firstPin, pinEnd, names.length, namesPlain.length, lines.length]);
  return Buffer.concat([head, names, namesPlain, lines]);
}

/** @throws Error if the bytes cannot be what was written. */
export function readLineBlock(bytes: Uint8Array): LineBlock {
  const reader = new NumberReader(bytes);
  const items = reader.next();
  const firstPin = reader.next();
  const pinEnd = reader.next();
  const sizes = [reader.next(), reader.next(), reader.next()] as const;
  const names = reader.take(sizes[0]);
  const namesPlain = reader.take(sizes[1]);
  const lines = reader.take(sizes[2]);
  reader.end();
  return { items, firstPin, pinEnd, names, namesPlain, lines };
}
