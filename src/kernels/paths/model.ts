/** A record as its form, its numbers and its two chains: one function for both directions. */
import { bit, contexts, decoding, forget } from "../coding/binary-coder";
import { allocate } from "../report/memory";
import * as chains from "./chains";
import * as ends from "./ends";
import * as forms from "./forms";
import * as guesses from "./guesses";
import * as items from "./items";
import * as nodes from "./nodes";
import * as outcomes from "./outcomes";
import * as order from "./order";
import * as pinCoder from "./pin-coder";
import * as pins from "./pin-names";
import { arrivalFrom, arrivalTo, numbers, relate, requiredFrom, requiredTo } from "./record";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as sequence from "./sequence";
import * as shapes from "./shapes";
import * as slacks from "./slacks";
import * as texts from "./texts";

/** Whether the numbers of the record coded last are at hand. */
let isRestored: bool = false;

/** The record coded last. */
export let form: i32 = 0;
export let arrival: i32 = 0;
export let required: i32 = 0;

let formBefore: i32 = 0;
let slackBefore: i32 = 0;
let endPinBefore: i32 = 0;

const recordContext = contexts(2);

export function reset(): void {
  form = 0;
  formBefore = 0;
  slackBefore = 0;
  endPinBefore = 0;
  lineBefore = 1;
  requiredTotal = 0;
  isRestored = false;
  requiredBefore = 0;
  memory.fill(clockPorts, 0, 4 * 256);
  forget(recordContext, 2);
  forget(rowContext, 2);
  rowBefore = 0;
}

/** Codes whether what comes is a record, or a single line. */
export function codeKind(isRecord: bool): bool {
  return bit(recordContext, isRecord ? 1 : 0) !== 0;
}

let lineBefore: u32 = 1;
const rowContext = contexts(2);

/** Whether the last line was a row of an end report. */
let rowBefore: i32 = 0;

/** Codes a line outside of records, [from, to); decoding, reads the next one. Answers its item. */
export function codeLine(from: usize, to: usize): i32 {
  const isRow = !decoding && ends.parse(from, to);
  const coded = bit(rowContext + 4 * <usize>rowBefore, isRow ? 1 : 0);
  rowBefore = coded;
  if (coded) return ends.code();
  const item = items.ofText(texts.code(mix(lineBefore, 11), decoding ? 0 : texts.intern(from, to)));
  sequence.follow(item, true);
  seeLine(item);
  return item;
}

/** What follows from a line that is no row. */
function seeLine(item: i32): void {
  const text = items.node(item);
  lineBefore = texts.hash(text);
  const start = texts.start(text);
  ends.see(start, start + texts.length(text));
}

/** An item came that the base told: it is as if it had been coded in full. */
export function follow(item: i32): void {
  const kind = items.kind(item);
  sequence.follow(item, false);
  if (kind === items.line) {
    rowBefore = 0;
    seeLine(item);
  } else if (kind === items.endRow) {
    rowBefore = 1;
    ends.follow(item);
  } else {
    order.enter(forms.groupOf(kind), forms.typeOf(kind));
    order.follow(items.pin(item));
    followRecord(item, kind);
  }
}

/** The record is a known one: takes it, and what follows from it. */
function followRecord(item: i32, itsForm: i32): void {
  const pin = items.pin(item);
  isRestored = false;
  if (pin >= 0) endPinBefore = pin;
  form = itsForm;
  formBefore = itsForm;
  arrival = items.node(item);
  items.open(item);
  required = items.take();
  requiredTotal = items.take();
  const slackItem = forms.slackOf(form);
  if (slackItem < 0) return;
  slackBefore = items.slack(item);
  rememberOutcome(pin, items.take());
}

/** Takes the numbers of a record, to write it. */
export function restore(item: i32): void {
  if (isRestored) return;
  items.open(item);
  items.take();
  items.take();
  if (forms.slackOf(form) >= 0) items.take();
  const length = forms.length(form);
  for (let index = 0; index < length; index++) {
    const place = numbers + 32 * <usize>index;
    const kind = forms.kind(form, index);
    if (kind === forms.row) {
      const count = shapes.numberCount(forms.shape(form, index));
      for (let each = 0; each < count; each++) store<i32>(place + 4 * each, items.take());
    } else if (isNamed(index, kind)) store<i32>(place, items.take());
  }
}

/** Whether an end of the path has a name of its own. */
function isNamed(index: i32, kind: i32): bool {
  return (kind === forms.startpoint || kind === forms.endpoint) && forms.relation(form, index) === forms.otherwise;
}

/** Makes an item of the record that was coded. */
function keep(pin: i32): i32 {
  const slackItem = forms.slackOf(form);
  const item = items.add(form, pin, slackItem < 0 ? 0 : slackBefore, arrival, groupKey());
  items.put(required);
  items.put(requiredTotal);
  if (slackItem >= 0) items.put(load<i32>(numbers + 32 * <usize>forms.arrivalOf(form)));
  const length = forms.length(form);
  for (let index = 0; index < length; index++) {
    const place = numbers + 32 * <usize>index;
    const kind = forms.kind(form, index);
    if (kind === forms.row) {
      const count = shapes.numberCount(forms.shape(form, index));
      for (let each = 0; each < count; each++) items.put(load<i32>(place + 4 * each));
    } else if (isNamed(index, kind)) items.put(load<i32>(place));
  }
  return item;
}

function groupKey(): u32 {
  return mix(forms.groupOf(form), forms.typeOf(form));
}

function rememberOutcome(pin: i32, arrival: i32): void {
  const digits = shapes.digitsOf(forms.shape(form, forms.slackOf(form)), 0);
  outcomes.remember(pin, groupKey(), requiredTotal, arrival, slackBefore, digits);
}

/** The required time of the record coded last. */
let requiredTotal: i32 = 0;

/** Codes the record that `record.parse` took apart, or reads the next one. Answers its item. */
export function codeRecord(): i32 {
  let own = 0;
  if (!decoding) {
    own = forms.find(formBefore);
    if (own < 0) relate();
  }
  form = forms.code(<u32>formBefore * 0x9e3779b1, own);
  formBefore = form;
  if (!decoding) forms.likely(form);
  const length = forms.length(form);
  const slackItem = forms.slackOf(form);
  const arrivalItem = forms.arrivalOf(form);
  order.enter(forms.groupOf(form), forms.typeOf(form));
  chains.open(0, arrivalFrom, arrivalTo, decoding ? -1 : order.peek());
  chains.codeEnd(endPinBefore);
  const endPin = chains.lastPin();
  guesses.begin(forms.typeOf(form), order.slackOf(endPin));
  const known = sequence.codeWhole(endPin, groupKey(), false);
  if (known >= 0) {
    followRecord(known, items.kind(known));
    sequence.follow(known, false);
    isRestored = false;
    return known;
  }
  if (endPin >= 0) endPinBefore = endPin;
  let slack = 0;
  if (slackItem >= 0) {
    const place = numbers + 32 * <usize>slackItem;
    const told = order.slackOf(endPin);
    const shape = forms.shape(form, slackItem);
    if (told !== slacks.unknown && shapes.numberCount(shape) > 0)
      slack = residuals.code(20, slacks.rounded(told, shapes.digitsOf(shape, 0)), load<i32>(place));
    else slack = residuals.code(mix(<u32>form, 21), slackBefore, load<i32>(place));
    store<i32>(place, slack);
    slackBefore = slack;
  }
  let running = 0;
  let total = 0;
  requiredTotal = 0;
  arrival = 0;
  required = 0;
  for (let item = arrivalItem + 1; item < length; item++) {
    const kind = forms.kind(form, item);
    if (kind === forms.requiredChain) {
      required = codeRequired(endPin);
      running = nodes.time(required);
    } else if (kind === forms.row && item !== slackItem) {
      if (forms.relation(form, item) === forms.isRequired && arrival === 0) {
        arrival = codeArrival(arrivalItem, running, slack);
        total = load<i32>(numbers + 32 * <usize>arrivalItem);
        requiredTotal = running;
      }
      running = codeRow(item, running, total);
    } else if (kind === forms.startpoint || kind === forms.endpoint) codeName(item);
  }
  if (arrival === 0) arrival = codeArrival(arrivalItem, running, slack);
  if (slackItem >= 0) rememberOutcome(endPin, load<i32>(numbers + 32 * <usize>arrivalItem));
  for (let item = 0; item < arrivalItem; item++) {
    const kind = forms.kind(form, item);
    if (kind === forms.startpoint || kind === forms.endpoint) codeName(item);
  }
  const made = keep(endPin);
  sequence.follow(made, true);
  isRestored = true;
  return made;
}

/** The chain of the required part: it ends at a pin of the endpoint's instance, mostly the clock's. */
function codeRequired(endPin: i32): i32 {
  let hint = -1;
  const slot = clockPorts + 4 * <usize>((endPin < 0 ? 0 : pins.pinPort(endPin)) & 255);
  if (endPin >= 0) hint = pinCoder.known(pins.pinOf(pins.pinInstance(endPin), load<i32>(slot)));
  chains.open(1, requiredFrom, requiredTo, hint);
  chains.codeLast(1, hint, endPin);
  const pin = chains.lastPin();
  if (pin >= 0) store<i32>(slot, pins.pinPort(pin));
  const node = chains.code(1, requiredBefore);
  requiredBefore = nodes.time(node);
  return node;
}

/** For each port of an endpoint the port that its required part ended at the last time. */
const clockPorts = allocate(4 * 256);

let requiredBefore: i32 = 0;

function codeName(item: i32): void {
  if (forms.relation(form, item) !== forms.otherwise) return;
  const place = numbers + <usize>item * 32;
  store<i32>(place, texts.code(mix(<u32>item, 12), load<i32>(place)));
}

/** The arrival's total and the chain that leads to it. */
function codeArrival(item: i32, requiredTime: i32, slack: i32): i32 {
  const place = numbers + <usize>item * 32;
  const relation = forms.relation(form, item);
  let time: i32;
  if (shapes.numberCount(forms.shape(form, item)) > 1) {
    codeRow(item, 0, 0);
    time = load<i32>(place);
  } else if (relation === forms.requiredLessSlack) time = residuals.code(22, requiredTime - slack, load<i32>(place));
  else if (relation === forms.requiredPlusSlack) time = residuals.code(23, requiredTime + slack, load<i32>(place));
  else time = residuals.codeAlike(mix(<u32>form, 24), load<i32>(place));
  store<i32>(place, time);
  return chains.code(0, time);
}

/** The numbers of a row between the chains and behind them; answers the time that it leads to. */
function codeRow(item: i32, running: i32, total: i32): i32 {
  const place = numbers + <usize>item * 32;
  const shape = forms.shape(form, item);
  const count = shapes.numberCount(shape);
  const label = texts.hash(forms.text(form, item));
  if (count === 1) {
    const relation = forms.relation(form, item);
    const slot = mix(<u32>relation, label);
    let value = load<i32>(place);
    if (relation === forms.isRequired) value = residuals.code(slot, running, value);
    else if (relation === forms.isArrival) value = residuals.code(slot, total, value);
    else if (relation === forms.isNegative) value = residuals.code(slot, -total, value);
    else value = residuals.code(slot, running, value);
    store<i32>(place, value);
    return relation === forms.isRequired || relation === forms.alike ? value : running;
  }
  const delay = shapes.delayIndex(shape);
  for (let index = 0; index < count - 1; index++) {
    const value = place + 4 * index;
    store<i32>(value, residuals.codeAlike(mix(label, 25 + index) + texts.hash(nodes.tail(required)), load<i32>(value)));
  }
  const last = place + 4 * (count - 1);
  const expected = running + (delay >= 0 ? load<i32>(place + 4 * delay) : 0);
  const time = residuals.code(mix(label, 26), expected, load<i32>(last));
  store<i32>(last, time);
  return time;
}
