/** Reports of paths as coded bytes, and back. */
import * as coder from "../coding/binary-coder";
import { copyShort } from "../coding/copy";
import { find, lineFeed } from "../report/bytes";
import { allocate } from "../report/memory";
import * as agreement from "./agreement";
import * as cells from "./cells";
import * as chainRows from "./chain-rows";
import * as chains from "./chains";
import * as ends from "./ends";
import * as forms from "./forms";
import { hashStretch } from "./hashes";
import * as kept from "./items";
import * as lines from "./lines";
import * as model from "./model";
import * as nodes from "./nodes";
import * as order from "./order";
import * as outcomes from "./outcomes";
import * as pinCoder from "./pin-coder";
import * as pins from "./pin-names";
import * as record from "./record";
import * as residuals from "./residuals";
import * as shapes from "./shapes";
import * as rows from "./rows";
import * as sequence from "./sequence";
import * as slacks from "./slacks";
import * as texts from "./texts";
import * as twinDelays from "./twin-delays";
import { keywordAt, startpointWord } from "./words";

export { beginFile, filePlace } from "./sequence";

/** Text to encode goes here; of decoded text, what was written last. */
export const windowBytes: i32 = 1 << 20;
/** What is decoded last may go as far beyond the window as a record is long. */
export const windowStart: usize = allocate(2 * windowBytes + (1 << 17));
export const codedBytes: i32 = 4 << 20;
export const codedStart: usize = allocate(codedBytes + 64);

/** Records and lines so far. */
export let items: i32 = 0;

/** Begins anew: nothing is known of any stage. */
export function forgetAll(): void {
  texts.reset();
  shapes.reset();
  forms.reset();
  nodes.reset();
  residuals.reset();
  twinDelays.reset();
  cells.reset();
  pinCoder.reset();
  chainRows.reset();
  chains.reset();
  slacks.reset();
  order.reset();
  outcomes.reset();
  ends.reset();
  model.reset();
  kept.reset();
  sequence.reset();
  rows.reset();
  agreement.nextStage();
  lines.clear();
  items = 0;
}

/** A table was read: the reports that follow are expected to agree with it. */
export function adopted(): void {
  order.begin();
  pinCoder.knowPins(slacks.count);
}

/** What follows is of the next stage: the one before is what it is likely to resemble. */
export function nextStage(): void {
  outcomes.nextStage();
  agreement.nextStage();
}

/** Begins coded bytes, to be decoded by themselves after those before. */
export function startEncoding(): void {
  coder.beginEncoding(codedStart, codedStart + codedBytes);
  items = 0;
}

/**
 * Encodes the whole records of the window's first `length` bytes; `last` if no text follows. Answers how many bytes were
 * taken: the others are to come again in front.
 */
export function encode(length: i32, last: bool): i32 {
  const end = windowStart + length;
  let at = windowStart;
  isForeign = false;
  while (at < end) {
    const known = sequence.find(at, end);
    if (known > 0) {
      codeKnownItem();
      items++;
      at += known;
      continue;
    }
    const next = gather(at, end, last || at === windowStart);
    if (next === at) break;
    encodeItem(at, next);
    at = next;
  }
  return <i32>(at - windowStart);
}

/** Gathers the lines of the next item; answers where it ends, `from` if more text is needed for that. */
function gather(from: usize, end: usize, last: bool): usize {
  lines.clear();
  let at = from;
  while (at < end) {
    const feed = find(lineFeed, at, end);
    if (feed >= end && end - at <= <usize>texts.textMax) break;
    if (feed - at > <usize>texts.textMax) {
      isForeign = true;
      return at;
    }
    const isFirst = load<u8>(at) === 83 && keywordAt(at, feed, startpointWord);
    if (lines.count > 0 && (isFirst || lines.count === lines.linesMax)) return at;
    lines.add(at, feed);
    at = feed + 1;
    if (lines.count === 1 && !isFirst) return at;
  }
  return last ? at : from;
}

/** Codes the gathered lines, which are not those of the base. */
function encodeItem(from: usize, to: usize): void {
  if (lines.count > 1 && !forms.isFull() && record.parse()) {
    sequence.code();
    sequence.measure(from, to);
    model.codeKind(true);
    model.codeRecord();
    items++;
    return;
  }
  for (let line = 0; line < lines.count; line++) {
    if (line > 0) sequence.find(lines.from(line), lines.from(line));
    sequence.code();
    sequence.measure(lines.from(line), lines.to(line) + 1);
    model.codeKind(false);
    model.codeLine(lines.from(line), lines.to(line));
    items++;
  }
}

/** Set when `encode` met a line that is too long for it. */
export let isForeign: bool = false;

/** Bytes of text that were coded letter by letter. */
export function literalBytes(): f64 {
  return texts.literalBytes;
}

export function written(): i32 {
  return <i32>coder.written();
}

export function rewind(): void {
  coder.rewind();
}

export function finishEncoding(): void {
  coder.finishEncoding();
}

export function startDecoding(length: i32): void {
  coder.beginDecoding(codedStart, codedStart + length);
  items = 0;
}

/**
 * Decodes up to `count` items into the window, or, where `write` is false, without their text. Answers the bytes of
 * text, -1 if the bytes are damaged. `items` grows by the items decoded.
 */
export function decode(count: i32, write: bool): i32 {
  let at = windowStart;
  const end = windowStart + windowBytes;
  const target = items + count;
  while (items < target && at < end) {
    if (coder.overrun > 8) return -1;
    let item = codeKnownItem();
    if (item < 0) item = model.codeKind(false) ? model.codeRecord() : model.codeLine(at, at);
    if (write) at = writeKnown(item, at);
    items++;
  }
  return write ? <i32>(at - windowStart) : 0;
}

/** The item that is that of the base, or -1. */
function codeKnownItem(): i32 {
  const item = sequence.code();
  if (item >= 0) model.follow(item);
  return item;
}

/** Writes an item, and makes it known by its text: what is encoded next, in this memory, may stand on it. */
function writeKnown(item: i32, from: usize): usize {
  const end = writeItem(item, from);
  if (!kept.isKnown(item)) kept.remember(item, hashStretch(from, end - from), end - from);
  return end;
}

function writeItem(item: i32, to: usize): usize {
  const kind = kept.kind(item);
  if (kind >= 0) {
    model.restore(item);
    return writeRecord(to);
  }
  const end = kind === kept.endRow ? ends.write(to) : texts.write(kept.node(item), to);
  store<u8>(end, lineFeed);
  return end + 1;
}

function writeRecord(from: usize): usize {
  const form = model.form;
  const length = forms.length(form);
  let at = from;
  unroll(model.arrival);
  const first = firstPin();
  for (let item = 0; item < length && at < writtenMax; item++) {
    const kind = forms.kind(form, item);
    if (kind === forms.arrivalChain) {
      at = writeChain(0, at);
      continue;
    }
    if (kind === forms.requiredChain) {
      unroll(model.required);
      at = writeChain(1, at);
      continue;
    }
    if (kind === forms.row) at = shapes.write(forms.shape(form, item), record.numbers + <usize>item * 32, at);
    else if (kind === forms.startpoint) at = writeEnd(form, item, startpointWord, first, at);
    else if (kind === forms.endpoint) at = writeEnd(form, item, record.endpointKeyword(), nodes.pin(model.arrival), at);
    at = texts.write(forms.text(form, item), at);
    store<u8>(at++, lineFeed);
  }
  return at;
}

function writeEnd(form: i32, item: i32, word: usize, pin: i32, to: usize): usize {
  const length = <usize>load<u32>(word);
  copyShort(to, word + 4, length);
  const relation = forms.relation(form, item);
  if (relation === forms.asPin) return pins.writePin(pin, to + length);
  if (relation === forms.asInstance) return pins.writeInstance(pins.pinInstance(pin), to + length);
  return texts.write(load<i32>(record.numbers + <usize>item * 32), to + length);
}

/** No text that was encoded goes beyond this: what does is damaged. */
const writtenMax: usize = windowStart + 2 * <usize>windowBytes;
/** The nodes of the chain that is to be written, from the last on. */
const stack = allocate(4 * lines.linesMax);
let depth: i32 = 0;

function unroll(last: i32): void {
  depth = 0;
  for (let node = last; node !== 0 && depth < lines.linesMax; node = nodes.predecessor(node))
    store<i32>(stack + 4 * depth++, node);
}

/** The pin of the first row that has one, or -1. */
function firstPin(): i32 {
  for (let index = depth - 1; index >= 0; index--) {
    const pin = nodes.pin(load<i32>(stack + 4 * index));
    if (pin >= 0) return pin;
  }
  return -1;
}

/** Writes the chain's rows, and makes those known by their text that are not. */
function writeChain(section: u32, to: usize): usize {
  let at = to;
  let hash = chainRows.startHash(section);
  for (let index = depth - 1; index >= 0 && at < writtenMax; index--) {
    const node = load<i32>(stack + 4 * index);
    const from = at;
    at = rows.write(node, from);
    const known = nodes.hashOf(node);
    hash = known !== 0 ? known : chainRows.nextHash(hash, lines.hashOf(from, at - 1));
    if (known === 0) nodes.remember(node, hash);
  }
  return at;
}
