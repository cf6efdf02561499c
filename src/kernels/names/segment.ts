/**
 * The coded form of the names from one pin id to another: all a stage stores of names is what is new to it.
 * The next name is mostly the one that followed when this leaf and port came before, in another use of the module;
 * else the instance's number grows by one, else its text is stored from where it differs.
 */

import { codeBit, codeNumber, codeTree, contexts, damaged, decoding, fail, numberBytes, numberModels } from "./binary-coder";
import { appendInstance, firstPinOf, instanceCount, instanceLength, instanceText } from "./instances";
import { appendPin, pinCount, pinInstance, pinOf, pinPort } from "./names";
import { internPort, portLength, portText } from "./ports";
import { allocate } from "./room";
import { isSame } from "../report/bytes";
import { copyShort } from "../coding/copy";
import { learnTwins, parentLength, twinOf } from "./twins";

/** Longer names have no coded form. */
export const textMax: i32 = 1 << 16;
const portKinds: i32 = 64;
const newPort: u32 = 255;
const otherPort: u32 = 254;

let following: usize = 0;
let sameInstance: usize = 0;
let portTree: usize = 0;
let modes: usize = 0;
let numbers: usize = 0;
let letters: usize = 0;
let text: usize = 0;
let textLength: usize = 0;
/** The pin that the pin before resembles. */
let model: i32 = -1;
let followed: i32 = 0;
/** The ports below this are known to both sides. */
let portsCoded: i32 = 0;

/** Codes the pins [from, to): `to` is known to both sides. Answers whether all went well. */
export function codeNames(from: i32, to: i32): bool {
  begin(from);
  for (let pin = from; pin < to; pin++) {
    codePin(pin, from);
    if (damaged || pinCount() <= pin) return false;
  }
  return true;
}

function begin(from: i32): void {
  following = contexts(8);
  sameInstance = contexts(portKinds);
  portTree = contexts(2 * portKinds * 256);
  modes = contexts(4);
  numbers = numberModels(4);
  letters = contexts(256 * 256);
  text = allocate(2 * <usize>textMax + 64);
  model = -1;
  followed = 0;
  portsCoded = portsBefore(from);
}

function codePin(pin: i32, from: i32): void {
  const before = pin - 1;
  const instance = decoding ? -1 : pinInstance(pin);
  const port = decoding ? -1 : pinPort(pin);
  const next = model >= 0 && model + 1 < pin ? model + 1 : -1;
  if (next >= 0) {
    const same = pinInstance(next) === pinInstance(model);
    if (!same) joinLeaf(pinInstance(before), pinInstance(next));
    const hits = decoding ? 0 : isFollowing(instance, port, before, next, same) ? 1 : 0;
    const hit = codeBit(following + 4 * <usize>((followed & 3) * 2 + (same ? 1 : 0)), hits);
    followed = (followed << 1) | hit;
    if (hit) {
      if (decoding && !damaged) appendPin(same ? pinInstance(before) : appendInstance(text, textLength), pinPort(next));
      model = next;
      return;
    }
  }
  codeAlone(pin, before >= from ? before : -1, instance, port);
}

function isFollowing(instance: i32, port: i32, before: i32, next: i32, same: bool): bool {
  if (port !== pinPort(next)) return false;
  if (same) return instance === pinInstance(before);
  // Only a new instance may follow so, which spares the decoder to look for it.
  return firstPinOf(instance) === before + 1 && instanceLength(instance) === textLength && isSame(instanceText(instance), text, textLength);
}

/** The text of the leaf of one instance in the place of another's. */
function joinLeaf(place: i32, leaf: i32): void {
  const parent = parentLength(place);
  const skipped = parentLength(leaf);
  const length = instanceLength(leaf) - skipped;
  textLength = 0;
  if (parent + length > <usize>textMax) return;
  copyShort(text, instanceText(place), parent);
  copyShort(text + parent, instanceText(leaf) + skipped, length);
  textLength = parent + length;
}

function make(pin: i32, instance: i32, port: i32): void {
  if (damaged) return;
  // A name that is there already makes no pin, which the caller notices.
  pinOf(instance, port);
}

function codeAlone(pin: i32, before: i32, instance: i32, port: i32): void {
  const kind = before < 0 ? 0 : min(pinPort(before), portKinds - 1);
  const last = before < 0 ? -1 : pinInstance(before);
  const stays = last < 0 ? 0 : codeBit(sameInstance + 4 * <usize>kind, decoding ? 0 : instance === last ? 1 : 0);
  const owner = stays ? last : codeInstance(pin, instance, last);
  if (damaged) return;
  const used = codePort(portTree + 4 * 256 * <usize>(2 * kind + stays), port);
  if (damaged) return;
  if (decoding) make(pin, owner, used);
  else if (used !== port) unreachable();
  if (damaged || pinCount() <= pin) return;
  learnTwins();
  model = twinPin(pin, owner, used);
}

/** The same port of the instance's twin, or -1. Its pins follow one another. */
function twinPin(pin: i32, owner: i32, port: i32): i32 {
  const twin = twinOf(owner);
  if (twin < 0) return -1;
  const likely = model >= 0 && pinInstance(model) === twin ? model + 1 : firstPinOf(twin);
  for (let other = likely; other >= 0 && other < pin && pinInstance(other) === twin; other++)
    if (pinPort(other) === port) return other;
  return -1;
}

/** Answers the instance: known before, or the last one with its number grown, or a text. */
function codeInstance(pin: i32, instance: i32, last: i32): i32 {
  const grown = last >= 0 && growNumber(last);
  let mode: u32 = 2;
  if (!decoding) {
    if (firstPinOf(instance) !== pin) mode = 1;
    else if (grown && instanceLength(instance) === textLength && isSame(instanceText(instance), text, textLength))
      mode = 0;
  }
  mode = codeTree(modes, 2, mode);
  if (mode === 1) {
    const known = last - codeNumber(numbers, decoding ? 0 : last - instance);
    if (known >= 0 && known < instanceCount()) return known;
    fail();
    return 0;
  }
  if (mode === 2) codeInstanceText(instance, last);
  else if (!grown || mode === 3) fail();
  if (damaged) return 0;
  return decoding ? appendInstance(text, textLength) : instance;
}

/** The last number in the last part of an instance's name, plus one; false if it has none. */
function growNumber(last: i32): bool {
  const length = instanceLength(last);
  if (length + 1 > <usize>textMax) return false;
  memory.copy(text, instanceText(last), length);
  textLength = length;
  const floor = parentLength(last);
  let at = length;
  while (at > floor && !isDigit(load<u8>(text + at - 1))) at--;
  if (at === floor) return false;
  const end = at;
  while (at > floor && isDigit(load<u8>(text + at - 1))) {
    at--;
    const digit = load<u8>(text + at);
    store<u8>(text + at, digit === 57 ? 48 : digit + 1);
    if (digit !== 57) return true;
  }
  memory.copy(text + at + 1, text + at, length - at);
  store<u8>(text + at, 49);
  textLength = length + 1;
  return end > at;
}

// @ts-ignore: decorator
@inline
function isDigit(letter: u8): bool {
  return letter >= 48 && letter <= 57;
}

/** The text of an instance, from where it differs from the last one's. */
function codeInstanceText(instance: i32, last: i32): void {
  const lastLength = last < 0 ? 0 : <i32>instanceLength(last);
  const lastText = last < 0 ? text : instanceText(last);
  const length = decoding ? 0 : <i32>instanceLength(instance);
  let shared = 0;
  if (!decoding)
    while (shared < length && shared < lastLength && load<u8>(instanceText(instance) + shared) === load<u8>(lastText + shared))
      shared++;
  // From the end of the last text, which is where names of one module part.
  shared = lastLength - codeNumber(numbers + numberBytes, lastLength - shared);
  const rest = codeNumber(numbers + 2 * numberBytes, length - shared);
  if (shared < 0 || shared > lastLength || rest < 0 || shared + rest > textMax) {
    fail();
    return;
  }
  if (decoding) memory.copy(text, lastText, shared);
  codeLetters(decoding ? 0 : instanceText(instance) + shared, text + shared, rest);
  textLength = shared + rest;
}

function codeLetters(from: usize, to: usize, count: i32): void {
  let before: u32 = 0;
  for (let index = 0; index < count; index++) {
    const letter = codeTree(letters + 4 * 256 * before, 8, decoding ? 0 : load<u8>(from + index));
    if (decoding) store<u8>(to + index, <u8>letter);
    before = letter;
  }
}

function codePort(tree: usize, port: i32): i32 {
  const isNew = !decoding && port >= portsCoded;
  let symbol: u32 = isNew ? newPort : port < <i32>otherPort ? port : otherPort;
  symbol = codeTree(tree, 8, symbol);
  if (symbol < otherPort) {
    if (<i32>symbol < portsCoded) return symbol;
  } else if (symbol === otherPort) {
    const other = codeNumber(numbers + 3 * numberBytes, decoding ? 0 : port);
    if (other >= 0 && other < portsCoded) return other;
  } else return codeNewPort(port);
  fail();
  return 0;
}

function codeNewPort(port: i32): i32 {
  const length = codeNumber(numbers + 2 * numberBytes, decoding ? 0 : <i32>portLength(port));
  if (length < 0 || length > textMax) {
    fail();
    return 0;
  }
  codeLetters(decoding ? 0 : portText(port), text + textMax, length);
  const made = decoding ? internPort(text + textMax, length) : port;
  portsCoded = max(portsCoded, made + 1);
  return made;
}

/** How many ports the pins before this one have: ports are made in the order of the pins. */
function portsBefore(from: i32): i32 {
  let ports = 0;
  for (let pin = 0; pin < from; pin++) ports = max(ports, pinPort(pin) + 1);
  return ports;
}
