/** Rows of end reports: `u1/D (DFF)    4.29    4.12    0.17 (MET)`, below a line that names type and group. */
import { bit, contexts, decoding, forget } from "../coding/binary-coder";
import { copyNumbers } from "../coding/copy";
import { closeParenthesis, find, openParenthesis, space } from "../report/bytes";
import { allocate } from "../report/memory";
import { hashOf } from "../report/names";
import * as cells from "./cells";
import * as chains from "./chains";
import * as items from "./items";
import * as order from "./order";
import * as outcomes from "./outcomes";
import * as pins from "./pin-names";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as sequence from "./sequence";
import * as shapes from "./shapes";
import * as slacks from "./slacks";
import * as texts from "./texts";
import { groupInLine, keywordAt, maximumDelay, minimumDelay } from "./words";

/** The row that is coded: its pin, what stands between pin and numbers, its numbers, and what stands behind them. */
let pin: i32 = 0;
let cell: i32 = 0;
let shape: i32 = 0;
let tail: i32 = 0;
/** Required time, arrival and slack, where there are three. */
const values = allocate(32);
const arrivalAt: usize = 4;
const slackAt: usize = 8;

const scratch = allocate(1 << 17);
let pinBefore: i32 = 0;
let key: u32 = 0;
let type: i32 = 0;
const cellHits = contexts(1);

/** Under each hash of cell and rounded required time the finer one of the last row, and the hash itself. */
const finerSlots: i32 = 1 << 12;
const finer = allocate(8 * finerSlots);

export function reset(): void {
  pinBefore = 0;
  key = 0;
  type = 0;
  tail = -1;
  forget(cellHits, 1);
  memory.fill(finer, 0, 8 * finerSlots);
}

/** Every line outside of records: some name the group of the rows below them. */
export function see(from: usize, to: usize): void {
  const isMax = keywordAt(from, to, maximumDelay);
  if (!isMax && !keywordAt(from, to, minimumDelay)) return;
  let at = from;
  while (at < to && !keywordAt(at, to, groupInLine)) at++;
  if (at >= to) return;
  at += 7;
  type = isMax ? 0 : 1;
  const group = hashOf(at, to - at);
  key = mix(group, type);
  order.enter(group, type);
}

/** Takes a line apart; false if it is no such row. */
export function parse(from: usize, to: usize): bool {
  const pinTo = find(space, from, to);
  if (pinTo === from || pinTo + 2 >= to || load<u8>(pinTo + 1) !== openParenthesis) return false;
  const close = find(closeParenthesis, pinTo, to);
  if (close >= to) return false;
  shape = shapes.readFrom(from, close + 1, to);
  if (shape < 0 || shapes.numberCount(shape) === 0) return false;
  copyNumbers(values, shapes.values);
  const rest = shapes.restAt;
  pin = pins.internPin(from, pinTo);
  const likely = cells.cellOfPin(pin);
  cell = texts.internLike(likely, pinTo, close + 1);
  tail = texts.internLike(tail, rest, to);
  return true;
}

/** Codes the row; answers its item. */
export function code(): i32 {
  pin = chains.codeEndpoint(decoding ? 0 : pin, pinBefore);
  pinBefore = pin;
  const known = sequence.codeWhole(pin, key, true);
  if (known >= 0) {
    restore(known);
    rememberOutcome();
    sequence.follow(known, false);
    return known;
  }
  const guess = cells.cellOfPin(pin);
  if (guess < 0 || !bit(cellHits, guess === cell ? 1 : 0)) cell = texts.code(mix(<u32>pins.pinPort(pin), 95), cell);
  else cell = guess;
  const width = <u32>(pins.writePin(pin, scratch) - scratch + texts.length(cell));
  shape = shapes.code(mix(width, 96), shape);
  const count = shapes.numberCount(shape);
  if (count === 3) codeFigures(shapes.digitsOf(shape, 2));
  else
    for (let index = 0; index < count; index++) {
      const value = values + 4 * index;
      store<i32>(value, residuals.codeAlike(mix(502 + index, key), load<i32>(value)));
    }
  tail = texts.code(mix(texts.hash(cell) & 1, count === 3 && load<i32>(values + slackAt) < 0 ? 97 : 98), tail);
  rememberOutcome();
  const item = items.add(items.endRow, pin, count === 3 ? load<i32>(values + slackAt) : 0, shape, key);
  items.put(cell);
  items.put(tail);
  for (let index = 0; index < count; index++) items.put(load<i32>(values + 4 * index));
  sequence.follow(item, true);
  return item;
}

/** Takes the row of an item. */
export function restore(item: i32): void {
  pin = items.pin(item);
  shape = items.node(item);
  items.open(item);
  cell = items.take();
  tail = items.take();
  const count = shapes.numberCount(shape);
  for (let index = 0; index < count; index++) store<i32>(values + 4 * index, items.take());
}

/** An item came that the base told. */
export function follow(item: i32): void {
  restore(item);
  pinBefore = pin;
  order.follow(pin);
  rememberOutcome();
}

/** Writes the row; answers where it ends. */
export function write(to: usize): usize {
  const at = texts.write(cell, pins.writePin(pin, to));
  return texts.write(tail, shapes.writeFrom(shape, values, to, at));
}

function rememberOutcome(): void {
  if (shapes.numberCount(shape) !== 3) return;
  const slack = load<i32>(values + slackAt);
  outcomes.remember(pin, key, load<i32>(values), load<i32>(values + arrivalAt), slack, shapes.digitsOf(shape, 2));
}

/** How far what is expected of a row can be trusted: contexts of its figures. */
const nothing: u32 = 0;
const saidNow: u32 = 1;
const saidFiner: u32 = 2;
const asBefore: u32 = 3;
const shifted: u32 = 4;
const likeOthers: u32 = 5;
const saidCoarser: u32 = 6;
const saidBefore: u32 = 7;

/** What is expected of the required time and of the slack. */
let expectedRequired: i32 = 0;
let expectedSlack: i32 = 0;

function codeFigures(digits: i32): void {
  outcomes.find(pin, key, digits);
  const trust = expect(digits);
  const told = order.slackOf(pin);
  const hash = mix(trust, 500);
  let own = load<i32>(values + slackAt);
  if (told !== slacks.unknown && trust !== saidNow) own = residuals.code(hash + 1, slacks.rounded(told, digits), own);
  else if (trust !== nothing) own = residuals.code(hash, expectedSlack, own);
  else own = residuals.codeAlike(mix(key, 503), own);
  let required = load<i32>(values);
  required =
    trust !== nothing
      ? residuals.code(hash + 2, expectedRequired, required)
      : residuals.codeAlike(mix(key, 501), required);
  const arrival = trust === saidNow ? outcomes.arrival(outcomes.same) : type === 0 ? required - own : required + own;
  store<i32>(values, required);
  store<i32>(values + arrivalAt, residuals.code(hash + 3 + type, arrival, load<i32>(values + arrivalAt)));
  store<i32>(values + slackAt, own);
  if (finerPlace !== 0) {
    store<i32>(finerPlace, required);
    store<u32>(finerPlace, finerHash, 4);
  }
}

let finerPlace: usize = 0;
let finerHash: u32 = 0;

/** What the reports so far let expect at this many digits. */
function expect(digits: i32): u32 {
  const same = outcomes.same;
  const other = outcomes.other;
  finerPlace = 0;
  expectFrom(same !== 0 ? same : other, digits);
  if (outcomes.isNow(same)) return saidNow;
  if (!outcomes.isNow(other)) return same !== 0 || other !== 0 ? saidBefore : nothing;
  const others = outcomes.digitsOf(other);
  if (others > digits) {
    expectFrom(other, digits);
    return saidFiner;
  }
  const required = outcomes.required(other);
  const slack = outcomes.slack(other);
  finerHash = mix(mix(texts.hash(cell), <u32>required), key + <u32>digits) | 1;
  finerPlace = finer + 8 * <usize>(finerHash & (finerSlots - 1));
  if (same !== 0) {
    const requiredShift = required - outcomes.scaled(expectedRequired, digits, others);
    const slackShift = slack - outcomes.scaled(expectedSlack, digits, others);
    if (requiredShift === 0 && slackShift === 0) return asBefore;
    expectedSlack += outcomes.scaled(slackShift, others, digits);
    if (requiredShift === 0) return shifted;
    expectedRequired += outcomes.scaled(requiredShift, others, digits);
    if (load<u32>(finerPlace, 4) !== finerHash) return shifted;
  } else {
    expectFrom(other, digits);
    if (load<u32>(finerPlace, 4) !== finerHash) return saidCoarser;
  }
  expectedRequired = load<i32>(finerPlace);
  return likeOthers;
}

function expectFrom(figures: usize, digits: i32): void {
  if (figures === 0) return;
  const own = outcomes.digitsOf(figures);
  expectedRequired = outcomes.scaled(outcomes.required(figures), own, digits);
  expectedSlack = outcomes.scaled(outcomes.slack(figures), own, digits);
}
