/**
 * In which order a report's endpoints come: the tool sorts them by slack, which a pin table tells to more digits, and
 * where slacks are equal by the netlist. Kinds of pins that are endpoints are learnt; of their pins, sorted by slack,
 * each is the next endpoint or is passed over.
 */
import { bit, contexts, forget, integerContexts, natural } from "../coding/binary-coder";
import { copyShort } from "../coding/copy";
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import * as classes from "./endpoint-classes";
import * as items from "./items";
import * as nodes from "./nodes";
import * as outcomes from "./outcomes";
import * as pins from "./pin-names";
import { mix } from "./residuals";
import * as slacks from "./slacks";

/** Max and min, as `slacks` has them. */
let type: i32 = -1;
let group: u32 = 0;

/** The pins that may come, sorted; and for each pin its place (+1). */
const list = Growing.make(16 << 20);
const places = Growing.make(16 << 20);
let length: i32 = 0;
let cursor: i32 = 0;

/** Pins passed over last. */
const passedMax: i32 = 32;
const passed = allocate(4 * passedMax + 16);
let passedCount: i32 = 0;

/** Pins without a slack of their own that were endpoints. */
const others = Growing.make(1 << 20);
const isOther = Growing.make(16 << 20);

const memorySlots: i32 = 1 << 20;
/** What is known of a pin in a group: 1 it was an endpoint there, 2 it was passed over. */
const remembered = allocate(memorySlots);

const found = contexts(8);
const fromPassed = contexts(3);
const whichPassed = contexts(integerContexts);
const members = contexts(16);
const twinSlots: i32 = 1 << 16;
const twins = contexts(twinSlots);
let state: i32 = 0;

/** How far ahead the next endpoint is looked for. */
const stepsMax: i32 = 4096;

export function reset(): void {
  type = -1;
  group = 0;
  isSorted = false;
  pinBefore = -1;
  length = 0;
  cursor = 0;
  passedCount = 0;
  state = 0;
  list.clear();
  places.clear();
  others.clear();
  isOther.clear();
  classes.reset();
  memory.fill(remembered, 0, memorySlots);
  forget(found, 8);
  forget(fromPassed, 3);
  forget(whichPassed, integerContexts);
  forget(members, 16);
  forget(twins, twinSlots);
}

/** Another table was read: classes are counted anew. */
export function begin(): void {
  type = -1;
  isSorted = false;
  classes.begin(slacks.count);
}

/** The slack of a pin, or of the one that drives it where only that has one. */
export function slackOf(pin: i32): i32 {
  return slackAs(pin, type);
}

/** The same, for paths of this type. */
export function slackAs(pin: i32, type: i32): i32 {
  const own = slacks.worstOf(pin, type);
  if (own !== slacks.unknown || slacks.count === 0 || pin < 0) return own;
  const node = nodes.newest(pin, -1);
  return node === 0 ? own : slacks.worstOf(nodes.pin(nodes.predecessor(node)), type);
}

export function edgeOf(pin: i32): i32 {
  return slacks.edge(pin, type);
}

/** What follows is of this group, and of type max (0) or min (1). */
export function enter(newGroup: u32, newType: i32): void {
  if (newGroup === group && newType === type) return;
  group = newGroup;
  type = newType;
  pinBefore = -1;
  passedCount = 0;
  isSorted = false;
}

/** Whether the list is that of this group: it is made when it is needed. */
let isSorted: bool = false;

/** Whether a table tells the order. */
// @ts-ignore: decorator
@inline
export function isTold(): bool {
  return slacks.count > 0;
}

function prepare(): void {
  if (isSorted || slacks.count === 0) return;
  sort();
  passOver(pinBefore);
}

/** The list goes on behind this pin. */
function passOver(pin: i32): void {
  const own = placeOf(pin);
  if (own >= cursor) cursor = own + 1;
}

/** The place of a pin in the list, or -1. */
// @ts-ignore: decorator
@inline
function placeOf(pin: i32): i32 {
  return pin >= 0 && <usize>pin * 4 < places.used ? load<i32>(places.start + <usize>pin * 4) - 1 : -1;
}

/** Whether this stage, or the list, says that this pin comes next: 1, or that another does: 2; 0 if it was not asked yet. */
export function expects(pin: i32, wentWell: i32): i32 {
  const next = follower();
  if (next >= 0 && outcomes.isFresh) return next === pin ? 3 : 4;
  if (!isSorted) {
    if (wentWell || slacks.count === 0) return 0;
    prepare();
  }
  if (length === 0) return 0;
  const last = min(length, cursor + 16);
  for (let at = cursor; at < last; at++) {
    const candidate = load<i32>(list.start + <usize>at * 8 + 4);
    if (candidate === pin) return 1;
    if (load<u8>(memoryOf(candidate)) === 1) return 2;
  }
  return 0;
}

/** A pin that is likely the next endpoint, or -1. */
export function peek(): i32 {
  if (!isSorted) return -1;
  for (let at = cursor; at < min(length, cursor + 4); at++) {
    const candidate = load<i32>(list.start + <usize>at * 8 + 4);
    if (load<u8>(memoryOf(candidate)) !== 2) return candidate;
  }
  return -1;
}

/** An endpoint came that the base told. */
export function follow(pin: i32): void {
  took(pin);
  if (pin < 0 || slacks.count === 0) return;
  store<u8>(memoryOf(pin), 1);
  if (!isSorted) return;
  const own = placeOf(pin);
  if (own < cursor) {
    for (let index = 0; index < passedCount; index++)
      if (load<i32>(passed + 4 * index) === pin) {
        passedCount--;
        copyShort(passed + 4 * index, passed + 4 * index + 4, 4 * (passedCount - index));
        return;
      }
    return;
  }
  if (own - cursor > stepsMax) return;
  for (let at = max(cursor, own - passedMax); at < own; at++) pass(load<i32>(list.start + <usize>at * 8 + 4));
  cursor = own + 1;
}

function pass(pin: i32): void {
  if (passedCount === passedMax) {
    passedCount--;
    copyShort(passed, passed + 4, 4 * passedCount);
  }
  store<i32>(passed + 4 * passedCount++, pin);
}

function add(pin: i32): void {
  const slack = slackOf(pin);
  if (slack === slacks.unknown) return;
  const entry = list.add(8);
  store<u32>(entry, <u32>slack ^ 0x80000000);
  store<i32>(entry + 4, pin);
  length++;
}

const counts = allocate(4 * 65536);

/** Makes the list anew, of all pins of wanted classes. */
function sort(): void {
  for (let at = 0; at < length; at++) store<i32>(places.start + <usize>load<i32>(list.start + <usize>at * 8 + 4) * 4, 0);
  list.used = 0;
  length = 0;
  cursor = 0;
  isSorted = true;
  const count = slacks.count;
  classes.choose();
  for (let pin = 0; pin < count; pin++) if (classes.isChosen(pin)) add(pin);
  for (let at: usize = 0; at < others.used; at += 4) add(load<i32>(others.start + at));
  if (length === 0) return;
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
  for (let at = 0; at < length; at++) {
    const pin = load<i32>(list.start + <usize>at * 8 + 4);
    places.reach4(pin);
    store<i32>(places.start + <usize>pin * 4, at + 1);
  }
}

// @ts-ignore: decorator
@inline
function memoryOf(pin: i32): usize {
  return remembered + <usize>(mix(<u32>pin, group) & (memorySlots - 1));
}

/** The context of whether a pin is of the group. */
function memberContext(pin: i32): usize {
  const known = load<u8>(memoryOf(pin));
  if (known !== 0) return members + 4 * known;
  return twins + 4 * <usize>(mix(mix(classes.leafOf(pins.pinInstance(pin)), <u32>pins.pinPort(pin)), group) & (twinSlots - 1));
}

/** The type of the paths at hand: 0 max, 1 min, -1 not told yet. */
export function typeNow(): i32 {
  return type;
}

/** The endpoint before in this group. */
let pinBefore: i32 = -1;

export function key(): u32 {
  return mix(group, type);
}

export function follower(): i32 {
  return outcomes.follower(pinBefore, key());
}

export function took(pin: i32): i32 {
  outcomes.follow(pinBefore, key(), pin);
  pinBefore = pin;
  return pin;
}

/** What `warm` saw: without a use its loads would be left out. */
let seen: i32 = 0;

/**
 * Looks at what will be asked of the endpoints to come, so that the processor has it at hand by then: waiting for memory
 * is most of the work, and these waits go on side by side.
 */
function warm(): void {
  if (cursor + 12 >= length) return;
  const far = load<i32>(list.start + <usize>(cursor + 12) * 8 + 4);
  let sum = slacks.driverOf(far) + pins.pinInstance(far) + nodes.newest(far, -1) + items.newest(far) + outcomes.newestOf(far) + <i32>load<u8>(memoryOf(far));
  const middle = load<i32>(list.start + <usize>(cursor + 8) * 8 + 4);
  if (load<u8>(memoryOf(middle)) !== 2) {
    const driver = slacks.driverOf(middle);
    sum += pins.firstPinOf(pins.pinInstance(middle)) + slacks.driverOf(driver);
    if (driver >= 0) sum += nodes.newest(driver, -1) + pins.pinInstance(driver);
  }
  const near = load<i32>(list.start + <usize>(cursor + 4) * 8 + 4);
  if (load<u8>(memoryOf(near)) !== 2) {
    sum += <i32>pins.firstLetter(near);
    const driver = slacks.driverOf(near);
    if (driver >= 0) sum += nodes.time(nodes.newest(driver, -1)) + pins.firstPinOf(pins.pinInstance(driver));
  }
  seen = sum;
}

/** Whether it is said here which endpoint comes; if so, codes it. Else -1, and `learn` must be told. */
export function code(pin: i32): i32 {
  prepare();
  if (length === 0) return -1;
  let place = -1;
  let waiting = -1;
  if (pin >= 0) {
    place = placeOf(pin);
    if (place >= 0 && place < cursor)
      for (let index = 0; index < passedCount; index++) if (load<i32>(passed + 4 * index) === pin) waiting = index;
  }
  const ahead = place >= cursor && place < cursor + stepsMax;
  const known = bit(found + 4 * state, waiting >= 0 || ahead ? 1 : 0);
  state = ((state << 1) | known) & 7;
  if (!known) return -1;
  if (passedCount > 0 && bit(fromPassed, waiting >= 0 ? 1 : 0)) {
    const back = min(<i32>natural(whichPassed, passedCount - 1 - waiting), passedCount - 1);
    waiting = passedCount - 1 - back;
    const coded = load<i32>(passed + 4 * waiting);
    passedCount--;
    copyShort(passed + 4 * waiting, passed + 4 * waiting + 4, 4 * (passedCount - waiting));
    store<u8>(memoryOf(coded), 1);
    return coded;
  }
  while (cursor < length) {
    const candidate = load<i32>(list.start + <usize>cursor * 8 + 4);
    cursor++;
    warm();
    const is = bit(memberContext(candidate), candidate === pin ? 1 : 0);
    if (is) {
      store<u8>(memoryOf(candidate), 1);
      return candidate;
    }
    const memo = memoryOf(candidate);
    if (load<u8>(memo) === 0) store<u8>(memo, 2);
    pass(candidate);
  }
  return 0;
}

/** An endpoint that `code` did not know. */
export function learn(pin: i32): void {
  if (pin < 0 || slacks.count === 0) return;
  store<u8>(memoryOf(pin), 1);
  if (slacks.worstOf(pin, type) === slacks.unknown) {
    isOther.reach4(pin);
    if (load<i32>(isOther.start + <usize>pin * 4) === 0) {
      store<i32>(isOther.start + <usize>pin * 4, 1);
      store<i32>(others.add(4), pin);
    }
    return;
  }
  const own = <usize>pin * 4 < places.used ? load<i32>(places.start + <usize>pin * 4) : 0;
  if (own > cursor) cursor = own;
  if (!classes.learn(pin)) return;
  sort();
  const key = <u32>slackOf(pin) ^ 0x80000000;
  while (cursor < length && load<u32>(list.start + <usize>cursor * 8) < key) cursor++;
}
