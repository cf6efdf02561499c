import { hash, randomFillSync } from "node:crypto";

/** A new command key: a UUIDv7, so that it and the ids derived from it sort by time (RFC 9562, section 5.7). */
export function newCommandKey(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, "0");
  return uuidFrom(`${time.slice(0, 8)}-${time.slice(8)}`, randomBytes(10).toString("hex"), 7);
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
  return uuidFrom(key.slice(0, 13).toLowerCase(), hash("sha256", `${key} ${step}`), 8);
}

/** The first 48 bits of a key: its milliseconds, if it is a UUIDv7. */
export function keyTime(key: string): number {
  return Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
}

/** `time` is a UUID's first 48 bits as it shows them; `random` has at least twenty hexadecimal digits. */
function uuidFrom(time: string, random: string, version: number): string {
  const variant = ((Number.parseInt(random[4]!, 16) & 0x3) | 0x8).toString(16);
  return `${time}-${version}${random.slice(1, 4)}-${variant}${random.slice(5, 8)}-${random.slice(8, 20)}`;
}
