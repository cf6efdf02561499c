/**
 * What the reports so far said of an endpoint, by group and type: later reports, and later stages, say much the same.
 * Reports differ in their digits: figures of two precisions are kept side by side.
 */
import { Growing } from "../coding/growing";

const keyAt: usize = 0;
const nextAt: usize = 4;
const followerAt: usize = 8;
const followedAt: usize = 12;
const figuresAt: usize = 16;
/** Required time, arrival, slack in units of 10^-digits; digits, -1 if there are none; and the stage. */
const figureBytes: usize = 20;
const entryBytes: usize = figuresAt + 2 * figureBytes;

const entries = Growing.make(48 << 20);
const newest = Growing.make(16 << 20);
let count: i32 = 0;

/** Which stage is coded: what this one says is as good as certain. */
let stage: i32 = 0;

export function reset(): void {
  entries.clear();
  newest.clear();
  count = 0;
  stage = 0;
}

export function nextStage(): void {
  stage++;
}

/** Whether the follower was seen in this stage. */
export let isFresh: bool = false;

/** The endpoint that came after this one the last time, or -1. */
export function follower(pin: i32, key: u32): i32 {
  const at = place(pin, key);
  if (at === 0) return -1;
  isFresh = load<i32>(at + followedAt) === stage;
  return load<i32>(at + followerAt);
}

/** `next` came after `pin`. */
export function follow(pin: i32, key: u32, next: i32): void {
  const at = place(pin, key);
  if (at === 0) return;
  store<i32>(at + followerAt, next);
  store<i32>(at + followedAt, stage);
}

/** The newest entry of a pin (+1). */
// @ts-ignore: decorator
@inline
export function newestOf(pin: i32): i32 {
  return <usize>pin * 4 < newest.used ? load<i32>(newest.start + <usize>pin * 4) : 0;
}

function place(pin: i32, key: u32): usize {
  if (pin < 0) return 0;
  for (let entry = newestOf(pin); entry !== 0;) {
    const at = entries.start + <usize>(entry - 1) * entryBytes;
    if (load<u32>(at + keyAt) === key) return at;
    entry = load<i32>(at + nextAt);
  }
  return 0;
}

/** Where the figures lie that `find` found: with the digits asked for, and with others; 0 if there are none. */
export let same: usize = 0;
export let other: usize = 0;

/** Looks for what was said of this pin under this key, a hash of group and type. */
export function find(pin: i32, key: u32, digits: i32): void {
  same = 0;
  other = 0;
  const at = place(pin, key);
  if (at === 0) return;
  for (let figures = at + figuresAt; figures < at + entryBytes; figures += figureBytes) {
    const own = digitsOf(figures);
    if (own < 0) continue;
    if (own === digits) same = figures;
    else other = figures;
  }
}

// @ts-ignore: decorator
@inline
export function required(figures: usize): i32 {
  return load<i32>(figures);
}
// @ts-ignore: decorator
@inline
export function arrival(figures: usize): i32 {
  return load<i32>(figures, 4);
}
// @ts-ignore: decorator
@inline
export function slack(figures: usize): i32 {
  return load<i32>(figures, 8);
}
// @ts-ignore: decorator
@inline
export function digitsOf(figures: usize): i32 {
  return load<i32>(figures, 12);
}
/** Whether this stage has said so. */
// @ts-ignore: decorator
@inline
export function isNow(figures: usize): bool {
  return figures !== 0 && load<i32>(figures, 16) === stage;
}

/** A figure of so many digits as it is with others. */
export function scaled(units: i32, from: i32, to: i32): i32 {
  if (from === to) return units;
  let value = <f64>units;
  for (let have = from; have < to; have++) value *= 10;
  for (let have = from; have > to; have--) value /= 10;
  return abs(value) < 2e9 ? <i32>nearest(value) : 0;
}

export function remember(pin: i32, key: u32, required: i32, arrival: i32, slack: i32, digits: i32): void {
  if (pin < 0) return;
  let at = place(pin, key);
  if (at === 0) {
    newest.reach4(pin);
    at = entries.add(entryBytes);
    store<u32>(at + keyAt, key);
    store<i32>(at + nextAt, load<i32>(newest.start + <usize>pin * 4));
    store<i32>(newest.start + <usize>pin * 4, ++count);
    store<i32>(at + followerAt, -1);
    store<i32>(at + followedAt, -1);
    store<i32>(at + figuresAt + 12, -1);
    store<i32>(at + figuresAt + figureBytes + 12, -1);
  }
  const figures = placeFor(at + figuresAt, digits);
  store<i32>(figures, required);
  store<i32>(figures, arrival, 4);
  store<i32>(figures, slack, 8);
  store<i32>(figures, digits, 12);
  store<i32>(figures, stage, 16);
}

/** Those of the same digits, or free ones, or the older ones. */
function placeFor(first: usize, digits: i32): usize {
  const second = first + figureBytes;
  if (digitsOf(first) === digits || digitsOf(first) < 0) return first;
  if (digitsOf(second) === digits || digitsOf(second) < 0) return second;
  return load<i32>(first, 16) < load<i32>(second, 16) ? first : second;
}
