/** Hashes of short stretches of text. */

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
