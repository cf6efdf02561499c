/** The rows of the chains of a record, from the last on: as they are read from its lines, or decoded. */
import { copyNumbers } from "../coding/copy";
import { allocate } from "../report/memory";
import * as cells from "./cells";
import * as lines from "./lines";
import * as nodes from "./nodes";
import * as pins from "./pin-names";
import * as shapes from "./shapes";
import * as texts from "./texts";

/** The rows of a chain from the last on, and the hashes of its lines with all before them: for each of both chains. */
export const rowsMax: i32 = 8192;
export const rowBytes: usize = 64;
const rowsBytes: usize = <usize>rowsMax * rowBytes;
const bothRows = allocate(2 * rowsBytes);
const hashesBytes: usize = <usize>lines.linesMax * 8;
const bothHashes = allocate(2 * hashesBytes);
export let rows = bothRows;
let hashes = bothHashes;
/** Where the parts of a row lie. */
export const pinAt: usize = 0;
export const textAt: usize = 4;
export const tailAt: usize = 8;
export const shapeAt: usize = 12;
export const timeAt: usize = 16;
export const valuesAt: usize = 32;

/** How many nodes of a pin are looked at for a likely one. */
export const likelyMax: i32 = 6;

// @ts-ignore: decorator
@inline
export function rowPlace(row: i32): usize {
  return rows + <usize>row * rowBytes;
}

/** Where the rows of both chains lie among the lines: encoding only. */
const bounds = allocate(16);
let from: i32 = 0;
let to: i32 = 0;

/** What follows is of the arrival's chain (0) or of the required time's (1). */
export function select(section: u32): void {
  rows = bothRows + <usize>section * rowsBytes;
  hashes = bothHashes + <usize>section * hashesBytes;
  from = load<i32>(bounds + 8 * <usize>section);
  to = load<i32>(bounds + 8 * <usize>section, 4);
}

/** These lines are those of the chain. */
export function setLines(section: u32, fromLine: i32, toLine: i32): void {
  store<i32>(bounds + 8 * <usize>section, fromLine);
  store<i32>(bounds + 8 * <usize>section, toLine, 4);
  select(section);
}

/** The text before the pin that was read last. */
let textGuess: i32 = -1;

export function reset(): void {
  textGuess = -1;
}

/** Finds which pin or text the row `row` from the end is of, likely one of these pins. */
export function identify(row: i32, likely: i32, other: i32): void {
  const line = to - 1 - row;
  const place = rowPlace(row);
  if (line < from) {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, -1);
    return;
  }
  const hash = hashOfRow(row);
  let known = likely < 0 ? 0 : findAmong(nodes.newest(likely, -1), hash);
  if (known === 0 && other >= 0 && other !== likely) known = findAmong(nodes.newest(other, -1), hash);
  if (known === 0) return parse(row, likely, other);
  store<i32>(place + pinAt, nodes.pin(known));
  store<i32>(place + textAt, nodes.text(known));
}

/** The node of this hash among the first of a list: what is known need not be read. */
function findAmong(list: i32, hash: u64): i32 {
  let node = list;
  for (let steps = 0; node !== 0 && steps < likelyMax; steps++) {
    if (nodes.isOfHash(node, hash)) return node;
    node = nodes.variant(node);
  }
  return 0;
}

/** Reads the row `row` from the end of the chain; its pin is likely one of these. */
function parse(row: i32, likely: i32, other: i32): void {
  const line = to - 1 - row;
  const place = rowPlace(row);
  const end = lines.to(line);
  const shape = shapes.read(lines.from(line), end);
  const begin = shapes.restAt;
  const count = shapes.numberCount(shape);
  store<i32>(place + shapeAt, shape);
  copyNumbers(place + valuesAt, shapes.values);
  if (count > 0 && lines.isPinRow(begin, end)) {
    const guess = other >= 0 && likely !== other && pins.isNamed(other, lines.pinFrom, lines.pinTo) ? other : likely;
    const pin = pins.internLike(guess, lines.pinFrom, lines.pinTo);
    const cell = cells.cellOfPin(pin);
    store<i32>(place + pinAt, pin);
    textGuess = texts.internLike(textGuess, begin, lines.pinFrom);
    store<i32>(place + textAt, textGuess);
    store<i32>(place + tailAt, texts.internLike(cell, lines.pinTo, end));
  } else {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, texts.intern(begin, end));
    store<i32>(place + tailAt, -1);
  }
}

/** The hash that a chain begins with, and that of a line behind those before it. */
// @ts-ignore: decorator
@inline
export function startHash(section: u32): u64 {
  return 0x9e3779b97f4a7c15 + <u64>section;
}
// @ts-ignore: decorator
@inline
export function nextHash(before: u64, line: u64): u64 {
  const hash = (before ^ line) * 0xff51afd7ed558ccd;
  return hash ^ (hash >> 29);
}

/** Hashes each line with all before it: what is known is found by that. */
export function hashLines(section: u32): void {
  let hash = startHash(section);
  for (let line = from; line < to; line++) {
    hash = nextHash(hash, lines.hashOf(lines.from(line), lines.to(line)));
    store<u64>(hashes + <usize>(line - from) * 8, hash);
  }
}

/** The hash of the row `row` from the end with all rows before it. */
// @ts-ignore: decorator
@inline
export function hashOfRow(row: i32): u64 {
  return load<u64>(hashes + <usize>(to - 1 - row - from) * 8);
}
