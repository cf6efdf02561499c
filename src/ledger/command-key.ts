import { hash, randomFillSync } from "node:crypto";

/** A new command key: a UUIDv7, so that it and the ids derived from it sort by time (RFC 9562, section 5.7). */
export function newCommandKey(now: Date): string {
  return uuidFrom(now.getTime(), randomBytes(10), 7);
}

/** Asked of the system a page at a time: one call costs as much for ten bytes. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

/**
 * The id of the event that this step of this command appends: the same at every try. It keeps the key's time in front
 * (RFC 9562, section 5.8: version 8, own layout).
 */
export function derivedId(key: string, step: string): string {
  return uuidFrom(keyTime(key), hash("sha256", `${key} ${step}`, "buffer").subarray(0, 10), 8);
}

/** The first 48 bits of a key: its milliseconds, if it is a UUIDv7. */
export function keyTime(key: string): number {
  return Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
}

function uuidFrom(milliseconds: number, random: Buffer, version: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.set(random, 6);
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
