/**
 * Levels of a Merkle tree (RFC 6962): the hashes of nodes lie one behind the other, 32 bytes each. A level begins at
 * node 1; node 0 is for one that waited for its neighbour.
 */
import { addBlock, begin, digestWord, lanes, setWord } from "./sha256";

const hashBytes: usize = 32;
const hexBytes: usize = 2 * hashBytes;

/** Nodes of one level at most. */
export const nodesMax: i32 = 1024;

/** With room for what is read and written of pairs that are none. */
export const nodes: usize = memory.data((1024 + 1 + 8) * 32, 16);

/** Where the text of leaves is put: 64 digits each. */
export const hexText: usize = memory.data(1024 * 64, 16);

/** Makes a level of leaves that are given in hex; zeros of what is no hex in lower case. */
export function readHex(count: i32): void {
  for (let leaf: usize = 0; leaf < <usize>count; leaf++) {
    const to = nodes + (leaf + 1) * hashBytes;
    const from = hexText + leaf * hexBytes;
    let bad = i8x16.splat(0);
    for (let at: usize = 0; at < hexBytes; at += 16) {
      const text = v128.load(from + at);
      const isDigit = within(text, 0x30, 10);
      const isLetter = within(text, 0x61, 6);
      bad = v128.or(bad, v128.not(v128.or(isDigit, isLetter)));
      const digits = i8x16.add(v128.and(text, i8x16.splat(0x0f)), v128.and(isLetter, i8x16.splat(9)));
      const bytes = v128.or(i16x8.shl(digits, 4), i16x8.shr_u(digits, 8));
      const packed = i8x16.narrow_i16x8_u(v128.and(bytes, i16x8.splat(0xff)), i16x8.splat(0));
      store<u64>(to + (at >> 1), i64x2.extract_lane(packed, 0));
    }
    if (v128.any_true(bad)) memory.fill(to, 0, hashBytes);
  }
}

/** Makes the level above of pairs from node `first` (0 or 1) on: SHA-256(0x01 ‖ left ‖ right) each. */
export function joinPairs(first: i32, pairs: i32): void {
  for (let pair = 0; pair < pairs; pair += lanes) {
    const left = nodes + <usize>(first + 2 * pair) * hashBytes;
    for (let lane: usize = 0; lane < <usize>lanes; lane++) setPair(left + lane * 2 * hashBytes, lane);
    begin();
    addBlock();
    for (let lane: usize = 0; lane < <usize>lanes; lane++) setLastByte(load<u8>(left + lane * 2 * hashBytes, 63), lane);
    addBlock();
    for (let lane: usize = 0; lane < <usize>lanes; lane++) storeDigest(nodes + (<usize>(1 + pair) + lane) * hashBytes, lane);
  }
}

/** The first block of a pair: all but the last of the 65 bytes. */
function setPair(at: usize, lane: usize): void {
  setWord(0, lane, 0x01000000 | (bswap(load<u32>(at)) >> 8));
  for (let word: usize = 1; word < 16; word++) setWord(word, lane, bswap(load<u32>(at + (word << 2) - 1)));
}

/** The second block: the last byte, a set bit, and how many bits there were. */
function setLastByte(byte: u32, lane: usize): void {
  setWord(0, lane, (byte << 24) | 0x800000);
  for (let word: usize = 1; word < 15; word++) setWord(word, lane, 0);
  setWord(15, lane, 65 * 8);
}

function storeDigest(to: usize, lane: usize): void {
  for (let word: usize = 0; word < 8; word++) store<u32>(to + (word << 2), bswap(digestWord(word, lane)));
}

/** All bits of each byte that is one of so many from `low` on. */
// @ts-ignore: decorator
@inline
function within(bytes: v128, low: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(low)), i8x16.splat(count));
}
