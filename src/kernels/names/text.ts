/** Short stretches of text, sixteen bytes at a time: up to 16 bytes beyond are read, and written by copies. */

// @ts-ignore: decorator
@inline
export function copyShort(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

// @ts-ignore: decorator
@inline
export function isEqual(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(one + at), v128.load(other + at)))) return false;
  const rest = length - at;
  if (rest === 0) return true;
  const same = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)));
  return (~same & ((1 << <i32>rest) - 1)) === 0;
}

export function hashText(from: usize, length: usize): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) hash = mix(hash ^ load<u64>(from + at));
  const rest = length - at;
  if (rest > 0) hash = mix(hash ^ (load<u64>(from + at) & ((<u64>1 << (<u64>rest * 8)) - 1)));
  return <u32>(hash >> 32);
}

// @ts-ignore: decorator
@inline
export function mix(word: u64): u64 {
  const product = word * 0xd6e8feb86659fd93;
  return product ^ (product >> 32);
}
