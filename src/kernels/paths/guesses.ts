/**
 * Which pin stands before another on a path, as the pin table has it: before an input its driver; before an output the
 * driver of that input of the same cell whose slack is the path's, as a path has one slack from end to end.
 */
import * as pins from "./pin-names";
import * as slacks from "./slacks";
import * as texts from "./texts";

/** The guess: -1 if there is none; 0 for its rising edge, 1 for its falling one. */
export let pin: i32 = -1;
export let edge: i32 = 0;

/** The path's type, and its slack as an ordinal. */
let type: i32 = 0;
let slack: i32 = 0;

/** What follows is about a path of this type that ends at this pin. */
export function begin(pathType: i32, ordinal: i32): void {
  type = pathType;
  slack = ordinal;
}

export function none(): void {
  pin = -1;
  edge = 0;
}

/** 1 if a row's text before its pin says that its edge falls. */
// @ts-ignore: decorator
@inline
export function edgeOf(text: i32): i32 {
  return text >= 0 && texts.length(text) > 1 && load<u8>(texts.start(text) + 1) === 118 ? 1 : 0;
}

/** Guesses what stands before this pin. */
export function guess(next: i32, text: i32): void {
  none();
  if (next < 0 || next >= slacks.count) return;
  const own = edgeOf(text);
  pin = slacks.driverOf(next);
  edge = own;
  if (pin >= 0) return;
  const wanted = slack !== slacks.unknown ? slack : slacks.slackOf(next, type, own);
  if (wanted === slacks.unknown) return;
  let nearest = i32.MAX_VALUE;
  for (let each = pins.firstPinOf(pins.pinInstance(next)), steps = 0; each >= 0 && steps < 12; each = pins.nextPinOf(each), steps++) {
    const driver = slacks.driverOf(each);
    if (driver < 0) continue;
    for (let falling = 0; falling < 2; falling++) {
      const ordinal = slacks.slackOf(each, type, falling);
      if (ordinal === slacks.unknown) continue;
      const apart = abs(ordinal - wanted);
      if (apart >= nearest) continue;
      nearest = apart;
      pin = driver;
      edge = falling;
    }
  }
}
