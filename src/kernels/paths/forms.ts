/**
 * What records have in common: a form is a record's lines without its paths: texts as they are, rows by their label and
 * shape, and where the two chains of pins stand.
 */
import { bit, contexts, decoding, forget, integerContexts, natural } from "../coding/binary-coder";
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import { hashOf } from "../report/names";
import { mix } from "./residuals";
import * as shapes from "./shapes";
import * as texts from "./texts";
import { cornerWord, groupWord, keywordAt, minimum, typeWord } from "./words";

export const itemsMax: i32 = 512;

/** Kinds of items. */
export const plainText: i32 = 0;
export const startpoint: i32 = 1;
export const endpoint: i32 = 2;
export const row: i32 = 3;
export const arrivalChain: i32 = 4;
export const requiredChain: i32 = 5;

/** How a startpoint or an endpoint is named: as its pin, as its pin's instance, or otherwise. */
export const asPin: i32 = 0;
export const asInstance: i32 = 1;
export const otherwise: i32 = 2;

/** What a row's only number is: like the others of its place, the required time, the arrival, its negative, the slack. */
export const alike: i32 = 0;
export const isRequired: i32 = 1;
export const isArrival: i32 = 2;
export const isNegative: i32 = 3;
export const isSlack: i32 = 4;
/** The arrival is the required time less the slack, or more by it. */
export const requiredLessSlack: i32 = 5;
export const requiredPlusSlack: i32 = 6;

const itemBytes: usize = 16;
/** The form that is being made: an item is kind, text, shape, relation. */
export const draft = allocate(<usize>itemsMax * itemBytes);
export let drafted: i32 = 0;
/** Items of special meaning, -1 if there is none: the slack's row, the arrival's total, whether the last row is a pin. */
export let slackItem: i32 = -1;
export let arrivalItem: i32 = -1;

const items = Growing.make(1 << 20);
/** For each form where its items begin, their number, its slack's and its arrival's item. */
const heads = Growing.make(1 << 18);
let count: i32 = 0;
const slotCount: usize = 1 << 14;
const slots = allocate(4 * slotCount);
const formsMax: i32 = 1 << 13;

const guessSlots: usize = 1 << 13;
const guesses = allocate(8 * guessSlots);
const hits = contexts(2 * <i32>guessSlots);
const newContext = contexts(1);
const backContext = contexts(integerContexts);
const fieldContexts = contexts(4 * integerContexts);

export function reset(): void {
  items.clear();
  heads.clear();
  count = 0;
  lastLength = 0;
  memory.fill(slots, 0, 4 * slotCount);
  memory.fill(guesses, 0, 8 * guessSlots);
  forget(hits, 2 * <i32>guessSlots);
  forget(newContext, 1);
  forget(backContext, integerContexts);
  forget(fieldContexts, 4 * integerContexts);
}

export function clearDraft(): void {
  drafted = 0;
  slackItem = -1;
  arrivalItem = -1;
}

export function setSlackItem(item: i32): void {
  slackItem = item;
}

export function setArrivalItem(item: i32): void {
  arrivalItem = item;
}

// @ts-ignore: decorator
@inline
export function draftItem(kind: i32, text: i32, shape: i32, relation: i32): i32 {
  const place = draft + itemBytes * <usize>drafted;
  store<i32>(place, kind);
  store<i32>(place + 4, text);
  store<i32>(place + 8, shape);
  store<i32>(place + 12, relation);
  return drafted++;
}

/** The shape of the item drafted last. */
export function draftedShape(): i32 {
  return load<i32>(draft + itemBytes * <usize>(drafted - 1), 8);
}

/** The text that the form before has where the draft's next item is, or -1. */
// @ts-ignore: decorator
@inline
export function guess(): i32 {
  return drafted < lastLength ? load<i32>(items.start + lastItems + itemBytes * <usize>drafted + 4) : -1;
}
/** The shape that the form before has there. */
// @ts-ignore: decorator
@inline
export function guessShape(): i32 {
  return drafted < lastLength ? load<i32>(items.start + lastItems + itemBytes * <usize>drafted + 8) : 0;
}
let lastItems: usize = 0;
let lastLength: i32 = 0;

/** The draft is likely to be like this form. */
export function likely(form: i32): void {
  lastItems = load<u32>(head(form));
  lastLength = length(form);
}

export function relate(item: i32, relation: i32): void {
  store<i32>(draft + itemBytes * <usize>item + 12, relation);
}

// @ts-ignore: decorator
@inline
function head(form: i32): usize {
  return heads.start + <usize>form * 24;
}

export function length(form: i32): i32 {
  return load<i32>(head(form) + 4);
}

export function slackOf(form: i32): i32 {
  return load<i32>(head(form) + 8);
}

/** A hash of the lines that name group and corner. */
export function groupOf(form: i32): u32 {
  return load<u32>(head(form) + 16);
}

/** 0 for max, 1 for min. */
export function typeOf(form: i32): i32 {
  return load<i32>(head(form) + 20);
}

export function arrivalOf(form: i32): i32 {
  return load<i32>(head(form) + 12);
}

// @ts-ignore: decorator
@inline
function item(form: i32, index: i32): usize {
  return items.start + load<u32>(head(form)) + itemBytes * <usize>index;
}

// @ts-ignore: decorator
@inline
export function kind(form: i32, index: i32): i32 {
  return load<i32>(item(form, index));
}

// @ts-ignore: decorator
@inline
export function text(form: i32, index: i32): i32 {
  return load<i32>(item(form, index) + 4);
}

// @ts-ignore: decorator
@inline
export function shape(form: i32, index: i32): i32 {
  return load<i32>(item(form, index) + 8);
}

// @ts-ignore: decorator
@inline
export function relation(form: i32, index: i32): i32 {
  return load<i32>(item(form, index) + 12);
}

/** Relations follow from the rest the first time; a record of the same lines takes the form with those it has. */
function hashOfDraft(): u32 {
  let hash: u32 = <u32>drafted;
  for (let index = 0; index < drafted; index++) {
    const place = draft + itemBytes * <usize>index;
    const own = load<i32>(place) === row ? 0 : load<u32>(place + 12);
    hash = mix(hash, mix(load<u32>(place) ^ (own << 8), load<u32>(place + 4) ^ (load<u32>(place + 8) << 16)));
  }
  return hash;
}

function isDraft(form: i32): bool {
  if (length(form) !== drafted) return false;
  for (let index = 0; index < drafted; index++) {
    const place = draft + itemBytes * <usize>index;
    const other = item(form, index);
    if (load<u64>(place) !== load<u64>(other) || load<i32>(place + 8) !== load<i32>(other + 8)) return false;
    if (load<i32>(place) !== row && load<i32>(place + 12) !== load<i32>(other + 12)) return false;
  }
  return true;
}

/** The form that was drafted, if it was made before; else -1. */
export function find(before: i32): i32 {
  if (before < count && isDraft(before)) return before;
  let slot = <usize>hashOfDraft() & (slotCount - 1);
  while (true) {
    const form = load<i32>(slots + 4 * slot) - 1;
    if (form < 0 || isDraft(form)) return form;
    slot = (slot + 1) & (slotCount - 1);
  }
}

/** Whether there is room for one more. */
export function isFull(): bool {
  return count >= formsMax;
}

function make(): i32 {
  const form = count++;
  let slot = <usize>hashOfDraft() & (slotCount - 1);
  while (load<i32>(slots + 4 * slot) !== 0) slot = (slot + 1) & (slotCount - 1);
  store<i32>(slots + 4 * slot, form + 1);
  const own = items.used;
  const bytes = itemBytes * <usize>drafted;
  memory.copy(items.add(bytes), draft, bytes);
  const place = heads.add(24);
  store<u32>(place, <u32>own);
  store<i32>(place + 4, drafted);
  store<i32>(place + 8, slackItem);
  store<i32>(place + 12, arrivalItem);
  let group: u32 = 0;
  let type = 0;
  for (let index = 0; index < drafted; index++) {
    const item = draft + itemBytes * <usize>index;
    if (load<i32>(item) === arrivalChain) break;
    if (load<i32>(item) !== plainText) continue;
    const text = load<i32>(item + 4);
    const from = texts.start(text);
    const to = from + texts.length(text);
    if (keywordAt(from, to, typeWord)) type = keywordAt(from, to, minimum) ? 1 : 0;
    else if (keywordAt(from, to, groupWord)) group ^= hashOf(from + 12, to - from - 12);
    else if (keywordAt(from, to, cornerWord)) group ^= mix(texts.hash(text), 3);
  }
  store<u32>(place + 16, group);
  store<i32>(place + 20, type);
  return form;
}

/** Codes a form, guessed by the context; encoding, `form` is -1 if the draft is new. */
export function code(context: u32, form: i32): i32 {
  const slot = <usize>((context ^ (context >> 15)) & (<u32>guessSlots - 1));
  const guess = guesses + 8 * slot;
  const hit = hits + 8 * slot;
  const first = load<i32>(guess) - 1;
  const second = load<i32>(guess + 4) - 1;
  if (first >= 0 && bit(hit, first === form ? 1 : 0)) return first;
  let coded = form;
  if (second >= 0 && bit(hit + 4, second === form ? 1 : 0)) coded = second;
  else if (bit(newContext, form < 0 ? 1 : 0)) coded = codeNew();
  else coded = max(0, count - 1 - <i32>natural(backContext, <u32>(count - 1 - form)));
  store<i32>(guess + 4, first + 1);
  store<i32>(guess, coded + 1);
  return coded;
}

function codeNew(): i32 {
  const length = min(<i32>natural(fieldContexts, drafted), itemsMax);
  const slack = <i32>natural(fieldContexts, slackItem + 1) - 1;
  const arrival = <i32>natural(fieldContexts, arrivalItem + 1) - 1;
  if (decoding) clearDraft();
  let before: u32 = 1;
  for (let index = 0; index < length; index++) {
    const place = draft + itemBytes * <usize>index;
    const kind = <i32>natural(fieldContexts + 4 * integerContexts, load<i32>(place));
    const hasText = kind !== arrivalChain && kind !== requiredChain;
    const text = hasText ? texts.code(mix(before, 77), load<i32>(place + 4)) : 0;
    const shape = kind === row ? shapes.code(mix(before, 78), load<i32>(place + 8)) : 0;
    const relation = <i32>natural(fieldContexts + 8 * integerContexts, load<i32>(place + 12));
    if (decoding) draftItem(kind, text, shape, relation);
    before = mix(before, hasText ? texts.hash(text) : <u32>kind);
  }
  slackItem = min(slack, length - 1);
  arrivalItem = min(arrival, length - 1);
  return make();
}
