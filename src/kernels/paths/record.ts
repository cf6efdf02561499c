/** Takes the lines of one record apart: its form, the numbers of its rows, and the lines of its two chains. */
import { copyNumbers } from "../coding/copy";
import { dash, find, isSame, keywordAt, skipSpaces, space } from "./words";
import * as forms from "./forms";
import * as lines from "./lines";
import * as shapes from "./shapes";
import * as texts from "./texts";
import { allocate } from "../report/memory";
import { arrivalTime, endpointWord, requiredTime, slackWord, startpointWord } from "./words";

/** Numbers of the form's rows: eight of four bytes an item; the name's text where an end is named otherwise. */
export const numbers = allocate(<usize>forms.itemsMax * 32);

/** Lines of the chains, [from, to); empty if the record has none. */
export let arrivalFrom: i32 = 0;
export let arrivalTo: i32 = 0;
export let requiredFrom: i32 = 0;
export let requiredTo: i32 = 0;

/** What the required part's rows come to, while a form is made. */
let requiredFigure: i32 = 0;
let arrivalFigure: i32 = 0;

/** Takes the record apart; false if it is none that can be modelled. */
export function parse(): bool {
  forms.clearDraft();
  arrivalFrom = arrivalTo = requiredFrom = requiredTo = 0;
  const count = lines.count;
  let rows = 1;
  while (rows < count && load<u8>(lines.from(rows)) !== dash) rows++;
  const from = rows + 1;
  let total = from;
  while (total < count && !lines.endsWith(total, arrivalTime)) total++;
  if (total >= count || total === from || count - (total - from) > forms.itemsMax - 8) return false;
  arrivalFrom = from;
  arrivalTo = total;
  const hasFirst = firstPin(from, total);
  if (!end(0, startpointWord, forms.startpoint, hasFirst)) return false;
  const hasLast = isPinLine(total - 1);
  for (let line = 1; line < from; line++) {
    const at = lines.from(line);
    if (keywordAt(at, lines.to(line), endpointWord)) {
      if (!end(line, endpointWord, forms.endpoint, hasLast)) return false;
    } else textLine(line);
  }
  if (!shapes.hasRoom(count) && !areRows(from, total)) return false;
  forms.draftItem(forms.arrivalChain, 0, 0, 0);
  if (!rowLine(total)) return false;
  forms.setArrivalItem(forms.drafted - 1);
  arrivalFigure = load<i32>(numbers + 32 * (forms.drafted - 1));
  let rest = total + 1;
  let required = rest;
  while (required < count && !lines.endsWith(required, requiredTime) && load<u8>(lines.from(required)) !== dash) required++;
  if (required < count && lines.endsWith(required, requiredTime)) {
    let last = required - 1;
    while (last >= rest && !isPinLine(last)) last--;
    if (last >= rest) {
      while (lines.from(rest) === lines.to(rest)) textLine(rest++);
      if (!shapes.hasRoom(count) && !areRows(rest, last + 1)) return false;
      requiredFrom = rest;
      requiredTo = last + 1;
      forms.draftItem(forms.requiredChain, 0, 0, 0);
      rest = last + 1;
    }
  }
  for (let line = rest; line < count; line++) {
    const at = lines.from(line);
    if (at < lines.to(line) && load<u8>(at) === space && rowLine(line)) {
      if (lines.endsWith(line, requiredTime) && line === required) requiredFigure = load<i32>(numbers + 32 * (forms.drafted - 1));
      const isSingle = shapes.numberCount(forms.draftedShape()) === 1;
      if (isSingle && keywordAt(skipSpaces(shapes.restAt, lines.to(line)), lines.to(line), slackWord)) forms.setSlackItem(forms.drafted - 1);
    } else textLine(line);
  }
  return true;
}

/** Whether all these lines have shapes. */
function areRows(from: i32, to: i32): bool {
  for (let line = from; line < to; line++) if (shapes.read(lines.from(line), lines.to(line)) < 0) return false;
  return true;
}

/** Finds out how the numbers of a new form's rows follow from each other. */
export function relate(): void {
  const slackItem = forms.slackItem;
  const slack = slackItem < 0 ? 0 : load<i32>(numbers + 32 * slackItem);
  let after = false;
  for (let item = 0; item < forms.drafted; item++) {
    const place = forms.draft + <usize>item * 16;
    if (load<i32>(place) !== forms.row) continue;
    const value = load<i32>(numbers + 32 * item);
    if (shapes.numberCount(load<i32>(place + 8)) !== 1) continue;
    if (item === forms.arrivalItem) {
      if (slackItem < 0) continue;
      if (abs(requiredFigure - slack - value) <= 1) forms.relate(item, forms.requiredLessSlack);
      else if (abs(requiredFigure + slack - value) <= 1) forms.relate(item, forms.requiredPlusSlack);
      after = true;
    } else if (item === slackItem) forms.relate(item, forms.isSlack);
    else if (after && value === requiredFigure) forms.relate(item, forms.isRequired);
    else if (after && value === arrivalFigure) forms.relate(item, forms.isArrival);
    else if (after && value === -arrivalFigure) forms.relate(item, forms.isNegative);
  }
}

function textLine(line: i32): void {
  forms.draftItem(forms.plainText, texts.internLike(forms.guess(), lines.from(line), lines.to(line)), 0, 0);
}

function rowLine(line: i32): bool {
  const to = lines.to(line);
  const shape = shapes.readLike(forms.guessShape(), lines.from(line), to);
  if (shape < 0 || shapes.numberCount(shape) === 0) return false;
  const item = forms.draftItem(forms.row, texts.internLike(forms.guess(), shapes.restAt, to), shape, 0);
  copyNumbers(numbers + 32 * item, shapes.values);
  return true;
}

let pinFrom: usize = 0;
let pinTo: usize = 0;

function isPinLine(line: i32): bool {
  const from = lines.from(line);
  const to = lines.to(line);
  const edge = load<u8>(lines.wordAt(from, to));
  if ((edge !== 94 && edge !== 118) || shapes.measure(from, from, to) === 0) return false;
  if (!lines.isPinRow(shapes.restAt, to)) return false;
  pinFrom = lines.pinFrom;
  pinTo = lines.pinTo;
  return true;
}

function firstPin(from: i32, to: i32): bool {
  for (let line = from; line < to; line++) if (isPinLine(line)) return true;
  return false;
}

/** `Startpoint: name (reason)`: the name is that of the pin that was found last, or of its instance, or its own. */
function end(line: i32, word: usize, kind: i32, hasPin: bool): bool {
  const at = lines.from(line);
  const to = lines.to(line);
  const from = at + load<u32>(word);
  if (from > to) return false;
  const nameTo = find(space, from, to);
  const length = nameTo - from;
  let relation = forms.otherwise;
  if (hasPin) {
    let cut = pinTo;
    while (cut > pinFrom && load<u8>(cut - 1) !== 47) cut--;
    const instance = cut > pinFrom ? cut - 1 - pinFrom : 0;
    if (length === pinTo - pinFrom && isSame(from, pinFrom, length)) relation = forms.asPin;
    else if (instance > 0 && length === instance && isSame(from, pinFrom, length)) relation = forms.asInstance;
  }
  const item = forms.draftItem(kind, texts.internLike(forms.guess(), nameTo, to), 0, relation);
  if (relation === forms.otherwise) store<i32>(numbers + 32 * item, texts.intern(from, nameTo));
  return true;
}

export function endpointKeyword(): usize {
  return endpointWord;
}
