/** Whether what this stage has said so far goes with an item of the base: contexts of whether it comes again. */
import * as list from "./endpoint-list";
import * as forms from "./forms";
import * as items from "./items";
import * as order from "./order";
import * as outcomes from "./outcomes";
import * as shapes from "./shapes";
import * as slacks from "./slacks";

/** How many answers there are. */
export const agreements: i32 = 9;

const agrees: i32 = 0;
const differs: i32 = 1;
const unsaid: i32 = 2;

/** Items and places from these on are of this stage. */
let firstItem: i32 = 0;
let firstPlace: i32 = 0;

export function nextStage(): void {
  firstItem = items.count;
  firstPlace = items.places;
}

/** What is said of an item's figures, and three times whether another report's item of its endpoint was as before. */
export function say(item: i32): i32 {
  const kind = items.kind(item);
  if (kind === items.line) return unsaid;
  return (kind === items.endRow ? ofRow(item) : ofRecord(item, kind)) + 3 * sibling(item);
}

function ofRecord(item: i32, form: i32): i32 {
  const slackItem = forms.slackOf(form);
  if (slackItem < 0) return unsaid;
  const told = list.slackOf(items.pin(item), forms.typeOf(form));
  if (told === slacks.unknown) return unsaid;
  return slacks.rounded(told, shapes.digitsOf(forms.shape(form, slackItem), 0)) === items.slack(item) ? agrees : differs;
}

function ofRow(item: i32): i32 {
  const shape = items.node(item);
  if (shapes.numberCount(shape) !== 3) return unsaid;
  const digits = shapes.digitsOf(shape, 2);
  const told = order.slackOf(items.pin(item));
  if (told !== slacks.unknown && slacks.rounded(told, digits) !== items.slack(item)) return differs;
  outcomes.find(items.pin(item), items.key(item), digits);
  const figures = outcomes.isNow(outcomes.same) ? outcomes.same : outcomes.other;
  if (!outcomes.isNow(figures)) return told === slacks.unknown ? unsaid : agrees;
  const others = outcomes.digitsOf(figures);
  if (others > digits) return scaledAlike(outcomes.slack(figures), others, items.slack(item), digits);
  items.open(item);
  items.take();
  items.take();
  if (outcomes.scaled(items.take(), digits, others) !== outcomes.required(figures)) return differs;
  return scaledAlike(items.slack(item), digits, outcomes.slack(figures), others);
}

function scaledAlike(fine: i32, fineDigits: i32, coarse: i32, coarseDigits: i32): i32 {
  return abs(outcomes.scaled(fine, fineDigits, coarseDigits) - coarse) <= 1 ? agrees : differs;
}

/** 0: no other item of this endpoint came in this stage; 1: one as before; 2: a new one. */
function sibling(item: i32): i32 {
  const key = items.key(item);
  for (let each = items.newest(items.pin(item)), steps = 0; each >= 0 && steps < 6; each = items.older(each), steps++) {
    if (each === item || items.place(each) < firstPlace || items.key(each) !== key) continue;
    return each < firstItem ? 1 : 2;
  }
  return 0;
}
