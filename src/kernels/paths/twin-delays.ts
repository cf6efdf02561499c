/**
 * Delays of twins: where a module is used many times, a row's delay may be that of the row of the same name in another
 * use of it. Tried only as long as it pays.
 */
import { bit, contexts, forget } from "../coding/binary-coder";
import { allocate } from "../report/memory";
import { leafOf } from "./endpoint-classes";
import * as pins from "./pin-names";
import { mix } from "./residuals";

const slots: i32 = 1 << 16;
const entryBytes: usize = 12;
/** For each slot the hash it is of, the delay, and by how much the times about it were rounded. */
const entries = allocate(<usize>slots * entryBytes);
const hits = contexts(16);
let history: i32 = 0;
/** How well twins have told delays lately. */
let score: i32 = 0;
let turns: i32 = 0;
const scoreMax: i32 = 64;

let own: usize = 0;
let hash: u32 = 0;
let isKnown: bool = false;

export function reset(): void {
  memory.fill(entries, 0, <usize>slots * entryBytes);
  forget(hits, 16);
  history = 0;
  score = 0;
  turns = 0;
}

/** Looks for the twin of a pin's row; `kind` is a hash of what else it depends on. */
export function find(pin: i32, kind: u32): void {
  hash = mix(mix(leafOf(pins.pinInstance(pin)), <u32>pins.pinPort(pin)), kind) | 1;
  own = entries + <usize>(hash & (slots - 1)) * entryBytes;
  isKnown = load<u32>(own) === hash;
}

/** Codes whether the delay is the twin's, if there is reason to ask. */
export function code(delay: i32): bool {
  if (!isKnown || (score < 0 && (++turns & 31) !== 0)) return false;
  const hit = bit(hits + 4 * <usize>(history & 15), delay === twinDelay() ? 1 : 0);
  history = (history << 1) | hit;
  score = hit ? min(score + 4, scoreMax) : max(score - 1, -scoreMax);
  return hit !== 0;
}

export function twinDelay(): i32 {
  return load<i32>(own, 4);
}

/** By how much the twin's times differ from its delay, if twins are to be trusted. */
export function rounding(): i32 {
  return isKnown && score > 0 ? load<i32>(own, 8) : 0;
}

export function learn(delay: i32): void {
  store<u32>(own, hash);
  store<i32>(own, delay, 4);
}

/** The row found last was rounded so: the place to hand to `learnRounding`. */
export function place(): usize {
  return own;
}

export function learnRounding(place: usize, rounded: i32): void {
  if (place !== 0) store<i32>(place, rounded, 8);
}
