/** Copies short stretches in place: the machine's own instruction for that is a call, which pays for long ones only. */

/** Copies `length` bytes, sixteen at a time: up to 15 bytes beyond both ends are read and written. */
// @ts-ignore: decorator
@inline
export function copyShort(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

/** Copies the eight numbers of a row. */
// @ts-ignore: decorator
@inline
export function copyNumbers(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
