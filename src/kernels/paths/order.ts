/**
 * In which order a report's endpoints come: the tool sorts them by slack, which a pin table tells to more digits, and
 * where slacks are equal by the netlist. Kinds of pins that are endpoints are learnt; of their pins, sorted by slack,
 * each is the next endpoint or is passed over.
 */
import { bit, contexts, forget, integerContexts, natural } from "../coding/binary-coder";
import { allocate } from "../report/memory";
import * as classes from "./endpoint-classes";
import * as list from "./endpoint-list";
import * as items from "./items";
import * as nodes from "./nodes";
import * as outcomes from "./outcomes";
import * as passed from "./passed-over";
import * as pins from "./pin-names";
import { mix } from "./residuals";
import * as slacks from "./slacks";

/** Max and min, as `slacks` has them. */
let type: i32 = -1;
let group: u32 = 0;

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
  state = 0;
  passed.clear();
  list.reset();
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

/** The slack of a pin, for paths of the type at hand. */
export function slackOf(pin: i32): i32 {
  return list.slackOf(pin, type);
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
  passed.clear();
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
  list.sort(type);
  isSorted = true;
  passOver(pinBefore);
}

/** The list goes on behind this pin. */
function passOver(pin: i32): void {
  const own = list.placeOf(pin);
  if (own >= list.cursor) list.goTo(own + 1);
}

/** Whether this stage, or the list, says that this pin comes next: 1, or that another does: 2; 0 if it was not asked yet. */
export function expects(pin: i32, wentWell: i32): i32 {
  const next = follower();
  if (next >= 0 && outcomes.isFresh) return next === pin ? 3 : 4;
  if (!isSorted) {
    if (wentWell || slacks.count === 0) return 0;
    prepare();
  }
  if (list.length === 0) return 0;
  const last = min(list.length, list.cursor + 16);
  for (let place = list.cursor; place < last; place++) {
    const candidate = list.pinAt(place);
    if (candidate === pin) return 1;
    if (load<u8>(memoryOf(candidate)) === 1) return 2;
  }
  return 0;
}

/** A pin that is likely the next endpoint, or -1. */
export function peek(): i32 {
  if (!isSorted) return -1;
  for (let place = list.cursor; place < min(list.length, list.cursor + 4); place++) {
    const candidate = list.pinAt(place);
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
  const own = list.placeOf(pin);
  if (own < list.cursor) {
    const index = passed.indexOf(pin);
    if (index >= 0) passed.remove(index);
    return;
  }
  if (own - list.cursor > stepsMax) return;
  for (let place = max(list.cursor, own - passed.passedMax); place < own; place++) passed.add(list.pinAt(place));
  list.goTo(own + 1);
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
  const cursor = list.cursor;
  if (cursor + 12 >= list.length) return;
  const far = list.pinAt(cursor + 12);
  let sum = slacks.driverOf(far) + pins.pinInstance(far) + nodes.newest(far, -1) + items.newest(far) + outcomes.newestOf(far) + <i32>load<u8>(memoryOf(far));
  const middle = list.pinAt(cursor + 8);
  if (load<u8>(memoryOf(middle)) !== 2) {
    const driver = slacks.driverOf(middle);
    sum += pins.firstPinOf(pins.pinInstance(middle)) + slacks.driverOf(driver);
    if (driver >= 0) sum += nodes.newest(driver, -1) + pins.pinInstance(driver);
  }
  const near = list.pinAt(cursor + 4);
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
  if (list.length === 0) return -1;
  const place = pin >= 0 ? list.placeOf(pin) : -1;
  let waiting = place >= 0 && place < list.cursor ? passed.lastIndexOf(pin) : -1;
  const ahead = place >= list.cursor && place < list.cursor + stepsMax;
  const known = bit(found + 4 * state, waiting >= 0 || ahead ? 1 : 0);
  state = ((state << 1) | known) & 7;
  if (!known) return -1;
  if (passed.count > 0 && bit(fromPassed, waiting >= 0 ? 1 : 0)) {
    const back = min(<i32>natural(whichPassed, passed.count - 1 - waiting), passed.count - 1);
    waiting = passed.count - 1 - back;
    const coded = passed.at(waiting);
    passed.remove(waiting);
    store<u8>(memoryOf(coded), 1);
    return coded;
  }
  while (list.cursor < list.length) {
    const candidate = list.pinAt(list.cursor);
    list.goTo(list.cursor + 1);
    warm();
    const is = bit(memberContext(candidate), candidate === pin ? 1 : 0);
    if (is) {
      store<u8>(memoryOf(candidate), 1);
      return candidate;
    }
    const memo = memoryOf(candidate);
    if (load<u8>(memo) === 0) store<u8>(memo, 2);
    passed.add(candidate);
  }
  return 0;
}

/** An endpoint that `code` did not know. */
export function learn(pin: i32): void {
  if (pin < 0 || slacks.count === 0) return;
  store<u8>(memoryOf(pin), 1);
  if (slacks.worstOf(pin, type) === slacks.unknown) {
    list.addOther(pin);
    return;
  }
  passOver(pin);
  if (!classes.learn(pin)) return;
  list.sort(type);
  isSorted = true;
  list.goToSlack(slackOf(pin));
}
