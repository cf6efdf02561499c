/** Hashes of 64 bits, of whole stretches of text: what is equal under them is taken as equal. */

const one: u64 = 0x9e3779b97f4a7c15;
const two: u64 = 0xff51afd7ed558ccd;
const three: u64 = 0xc4ceb9fe1a85ec53;
const four: u64 = 0xd6e8feb86659fd93;

// @ts-ignore: decorator
@inline
function step(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * two;
  return mixed ^ (mixed >> 32);
}

/** The hash of `length` bytes: four words at a time, side by side, as one multiplication need not wait for the other. */
export function hashStretch(from: usize, length: usize): u64 {
  const end = from + length;
  let first = <u64>length * one;
  let second = two;
  let third = three;
  let fourth = four;
  let at = from;
  for (; at + 32 <= end; at += 32) {
    first = step(first, load<u64>(at));
    second = step(second, load<u64>(at, 8));
    third = step(third, load<u64>(at, 16));
    fourth = step(fourth, load<u64>(at, 24));
  }
  for (; at + 8 <= end; at += 8) first = step(first, load<u64>(at));
  const rest = end - at;
  if (rest > 0) second = step(second, load<u64>(at) & ((<u64>1 << (<u64>rest << 3)) - 1));
  return step(step(step(first, second * three), third * one), fourth * two);
}
