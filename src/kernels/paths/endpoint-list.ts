/** The pins that may be endpoints, the one with the least slack first, and how far down the list the report has come. */
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import * as classes from "./endpoint-classes";
import * as nodes from "./nodes";
import * as slacks from "./slacks";

/** Slack and pin of each; and for each pin its place (+1). */
const list = Growing.make(16 << 20);
const places = Growing.make(16 << 20);
export let length: i32 = 0;
/** The place of the next endpoint, or of one before it. */
export let cursor: i32 = 0;

/** Pins without a slack of their own that were endpoints. */
const others = Growing.make(1 << 20);
const isOther = Growing.make(16 << 20);

export function reset(): void {
  length = 0;
  cursor = 0;
  list.clear();
  places.clear();
  others.clear();
  isOther.clear();
}

// @ts-ignore: decorator
@inline
export function pinAt(place: i32): i32 {
  return load<i32>(list.start + <usize>place * 8 + 4);
}

/** The place of a pin in the list, or -1. */
// @ts-ignore: decorator
@inline
export function placeOf(pin: i32): i32 {
  return pin >= 0 && <usize>pin * 4 < places.used ? load<i32>(places.start + <usize>pin * 4) - 1 : -1;
}

export function goTo(place: i32): void {
  cursor = place;
}

/** Goes to the first pin that has at least this slack. */
export function goToSlack(slack: i32): void {
  const key = keyOf(slack);
  while (cursor < length && load<u32>(list.start + <usize>cursor * 8) < key) cursor++;
}

/** A pin without a slack of its own is an endpoint. */
export function addOther(pin: i32): void {
  isOther.reach4(pin);
  if (load<i32>(isOther.start + <usize>pin * 4) !== 0) return;
  store<i32>(isOther.start + <usize>pin * 4, 1);
  store<i32>(others.add(4), pin);
}

/** The slack of a pin, or of the one that drives it where only that has one; `type`: 0 max, 1 min. */
export function slackOf(pin: i32, type: i32): i32 {
  const own = slacks.worstOf(pin, type);
  if (own !== slacks.unknown || slacks.count === 0 || pin < 0) return own;
  const node = nodes.newest(pin, -1);
  return node === 0 ? own : slacks.worstOf(nodes.pin(nodes.predecessor(node)), type);
}

/** A number that is larger where the slack is. */
// @ts-ignore: decorator
@inline
function keyOf(slack: i32): u32 {
  return <u32>slack ^ 0x80000000;
}

/** Makes the list anew, of all pins of the classes that are endpoints. */
export function sort(type: i32): void {
  for (let place = 0; place < length; place++) store<i32>(places.start + <usize>pinAt(place) * 4, 0);
  list.used = 0;
  length = 0;
  cursor = 0;
  const count = slacks.count;
  classes.choose();
  for (let pin = 0; pin < count; pin++) if (classes.isChosen(pin)) add(pin, type);
  for (let at: usize = 0; at < others.used; at += 4) add(load<i32>(others.start + at), type);
  if (length === 0) return;
  sortByKey();
  for (let place = 0; place < length; place++) {
    const pin = pinAt(place);
    places.reach4(pin);
    store<i32>(places.start + <usize>pin * 4, place + 1);
  }
}

function add(pin: i32, type: i32): void {
  const slack = slackOf(pin, type);
  if (slack === slacks.unknown) return;
  const entry = list.add(8);
  store<u32>(entry, keyOf(slack));
  store<i32>(entry + 4, pin);
  length++;
}

const counts = allocate(4 * 65536);

/** By radix, sixteen bits at a time; what is equal stays in its order. */
function sortByKey(): void {
  const bytes = <usize>length * 8;
  list.add(bytes);
  let one = list.start;
  let two = list.start + bytes;
  for (let shift = 0; shift < 32; shift += 16) {
    memory.fill(counts, 0, 4 * 65536);
    for (let at = one; at < one + bytes; at += 8) {
      const place = counts + 4 * <usize>((load<u32>(at) >> shift) & 0xffff);
      store<u32>(place, load<u32>(place) + 1);
    }
    let sum: u32 = 0;
    for (let place = counts; place < counts + 4 * 65536; place += 4) {
      const own = load<u32>(place);
      store<u32>(place, sum);
      sum += own;
    }
    for (let at = one; at < one + bytes; at += 8) {
      const entry = load<u64>(at);
      const place = counts + 4 * <usize>((<u32>entry >> shift) & 0xffff);
      const index = load<u32>(place);
      store<u32>(place, index + 1);
      store<u64>(two + <usize>index * 8, entry);
    }
    const other = one;
    one = two;
    two = other;
  }
}
