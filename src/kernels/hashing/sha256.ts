/** SHA-256 of FIPS 180-4, of four messages at a time: every vector holds the same word of each. */

const roundConstants: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

const startState: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

export const lanes = 4;

/** The sixteen words of the block to come, then what the schedule makes of them. */
const words: usize = memory.data(64 * 16, 16);
const state: usize = memory.data(8 * 16, 16);

/** Word `index` of one lane's block. */
// @ts-ignore: decorator
@inline
export function setWord(index: usize, lane: usize, value: u32): void {
  store<u32>(words + (index << 4) + (lane << 2), value);
}

/** Word `index` of one lane's digest. */
// @ts-ignore: decorator
@inline
export function digestWord(index: usize, lane: usize): u32 {
  return load<u32>(state + (index << 4) + (lane << 2));
}

export function begin(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(state + (i << 4), v128.load32_splat(startState + (i << 2)));
}

/** Takes in the block that was set. */
export function addBlock(): void {
  extend();
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  for (let i: usize = 0; i < 64; i++) {
    const mixedE = v128.xor(v128.xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25));
    const word = i32x4.add(v128.load(words + (i << 4)), v128.load32_splat(roundConstants + (i << 2)));
    const first = i32x4.add(i32x4.add(h, mixedE), i32x4.add(v128.bitselect(f, g, e), word));
    const mixedA = v128.xor(v128.xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22));
    const second = i32x4.add(mixedA, v128.bitselect(c, a, v128.xor(a, b)));
    h = g;
    g = f;
    f = e;
    e = i32x4.add(d, first);
    d = c;
    c = b;
    b = a;
    a = i32x4.add(first, second);
  }
  add(0, a);
  add(16, b);
  add(32, c);
  add(48, d);
  add(64, e);
  add(80, f);
  add(96, g);
  add(112, h);
}

function extend(): void {
  for (let at = words; at < words + 48 * 16; at += 16) {
    const early = v128.load(at, 16);
    const late = v128.load(at, 14 * 16);
    const mixedEarly = v128.xor(v128.xor(rotated(early, 7), rotated(early, 18)), i32x4.shr_u(early, 3));
    const mixedLate = v128.xor(v128.xor(rotated(late, 17), rotated(late, 19)), i32x4.shr_u(late, 10));
    const sum = i32x4.add(i32x4.add(v128.load(at), mixedEarly), i32x4.add(v128.load(at, 9 * 16), mixedLate));
    v128.store(at, sum, 16 * 16);
  }
}

// @ts-ignore: decorator
@inline
function add(at: usize, value: v128): void {
  v128.store(state + at, i32x4.add(v128.load(state + at), value));
}

// @ts-ignore: decorator
@inline
function rotated(value: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(value, bits), i32x4.shl(value, 32 - bits));
}
