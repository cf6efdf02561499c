/** Reports of paths as coded bytes, and back. */
import * as coder from "../coding/binary-coder";
import { find, isSame, lineFeed } from "../report/bytes";
import { allocate } from "../report/memory";
import * as agreement from "./agreement";
import * as chains from "./chains";
import * as ends from "./ends";
import * as forms from "./forms";
import * as kept from "./items";
import * as lines from "./lines";
import * as model from "./model";
import * as nodes from "./nodes";
import * as pins from "./pin-names";
import * as record from "./record";
import * as residuals from "./residuals";
import * as shapes from "./shapes";
import * as order from "./order";
import * as outcomes from "./outcomes";
import * as sequence from "./sequence";
import * as slacks from "./slacks";
import * as texts from "./texts";
import { keywordAt, startpointWord } from "./words";

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
  chains.reset();
  slacks.reset();
  order.reset();
  outcomes.reset();
  ends.reset();
  model.reset();
  kept.reset();
  sequence.reset();
  agreement.nextStage();
  lines.clear();
  items = 0;
}

/** A table was read: the reports that follow are expected to agree with it. */
export function adopted(): void {
  order.begin();
  chains.knowPins(slacks.count);
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
    if (write) at = writeItem(item, at);
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
  for (let item = 0; item < length; item++) {
    const kind = forms.kind(form, item);
    if (kind === forms.arrivalChain) {
      at = writeChain(model.arrival, at);
      continue;
    }
    if (kind === forms.requiredChain) {
      at = writeChain(model.required, at);
      continue;
    }
    if (kind === forms.row) at = shapes.write(forms.shape(form, item), record.numbers + <usize>item * 32, at);
    else if (kind === forms.startpoint) at = writeEnd(form, item, startpointWord, nodes.first(model.arrival), at);
    else if (kind === forms.endpoint) at = writeEnd(form, item, record.endpointKeyword(), nodes.pin(model.arrival), at);
    at = texts.write(forms.text(form, item), at);
    store<u8>(at++, lineFeed);
  }
  return at;
}

function writeEnd(form: i32, item: i32, word: usize, pin: i32, to: usize): usize {
  const length = <usize>load<u32>(word);
  memory.copy(to, word + 4, length);
  const relation = forms.relation(form, item);
  if (relation === forms.asPin) return pins.writePin(pin, to + length);
  if (relation === forms.asInstance) return pins.writeInstance(pins.pinInstance(pin), to + length);
  return texts.write(load<i32>(record.numbers + <usize>item * 32), to + length);
}

const stack = allocate(4 * 16384);
function writeChain(last: i32, to: usize): usize {
  let depth = 0;
  for (let node = last; node !== 0 && depth < 16384; node = nodes.predecessor(node)) store<i32>(stack + 4 * depth++, node);
  let at = to;
  while (--depth >= 0) {
    const node = load<i32>(stack + 4 * depth);
    at = shapes.write(nodes.shape(node), nodes.values(node), at);
    at = texts.write(nodes.text(node), at);
    const pin = nodes.pin(node);
    if (pin >= 0) at = texts.write(nodes.tail(node), pins.writePin(pin, at));
    store<u8>(at++, lineFeed);
  }
  return at;
}

export function nodeCount(): i32 {
  return nodes.count;
}

export { beginFile, filePlace } from "./sequence";
