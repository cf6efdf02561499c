/** Which pins may be endpoints: classes of them (a port of a kind of instance), of which enough were seen as such. */
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import { hashOf } from "../report/names";
import * as pins from "./pin-names";
import { mix } from "./residuals";

/** Per class of pins (a port of a kind of instance): how many were seen as endpoints, of how many. */
const classSlots: i32 = 1 << 12;
const classSeen = allocate(8 * classSlots);
/** For each instance a hash of its ports, while classes are made; and a hash of its name without its parents (0: none yet). */
const kinds = Growing.make(8 << 20);
const leaves = Growing.make(8 << 20);
/** For each pin its class, two bytes each. */
const classes = Growing.make(8 << 20);
/** For each class whether its pins may be endpoints. */
const chosen = allocate(classSlots);

export function reset(): void {
  kinds.clear();
  leaves.clear();
  classes.clear();
  memory.fill(classSeen, 0, 8 * classSlots);
}

/** Counts the classes of the first `count` pins anew. */
export function begin(count: i32): void {
  kinds.clear();
  for (let slot = 0; slot < classSlots; slot++) store<i32>(classSeen + 8 * slot + 4, 0);
  for (let pin = 0; pin < count; pin++) {
    const instance = pins.pinInstance(pin);
    kinds.reach4(instance);
    const place = kinds.start + <usize>instance * 4;
    store<u32>(place, load<u32>(place) + mix(<u32>pins.pinPort(pin), 0x1234567));
  }
  classes.clear();
  classes.add(<usize>count * 2);
  for (let pin = 0; pin < count; pin++) {
    const kind = load<u32>(kinds.start + <usize>pins.pinInstance(pin) * 4);
    const own = mix(kind, <u32>pins.pinPort(pin)) & (classSlots - 1);
    store<u16>(classes.start + <usize>pin * 2, <u16>own);
    const place = classSeen + 8 * <usize>own;
    store<i32>(place + 4, load<i32>(place + 4) + 1);
  }
}

// @ts-ignore: decorator
@inline
function classPlace(pin: i32): usize {
  return classSeen + 8 * <usize>classOf(pin);
}

// @ts-ignore: decorator
@inline
function classOf(pin: i32): u32 {
  return load<u16>(classes.start + <usize>pin * 2);
}

function isWanted(place: usize): bool {
  const seen = load<i32>(place);
  return seen > 1 && seen * 128 > load<i32>(place + 4);
}

/** Settles which classes `isChosen` goes by. */
export function choose(): void {
  for (let own = 0; own < classSlots; own++) store<u8>(chosen + own, isWanted(classSeen + 8 * <usize>own) ? 1 : 0);
}

// @ts-ignore: decorator
@inline
export function isChosen(pin: i32): bool {
  return load<u8>(chosen + <usize>classOf(pin)) !== 0;
}

/** The pin was an endpoint; answers whether its class is wanted by that. */
export function learn(pin: i32): bool {
  const place = classPlace(pin);
  const before = isWanted(place);
  store<i32>(place, load<i32>(place) + 1);
  return !before && isWanted(place);
}

/** A hash of the instance's name without its parents. */
export function leafOf(instance: i32): u32 {
  leaves.reach4(instance);
  const place = leaves.start + <usize>instance * 4;
  const known = load<u32>(place);
  if (known !== 0) return known;
  const to = pins.writeInstance(instance, scratch);
  let from = to;
  while (from > scratch && load<u8>(from - 1) !== 47) from--;
  const made = hashOf(from, to - from) | 1;
  store<u32>(place, made);
  return made;
}
const scratch = allocate(1 << 17);
