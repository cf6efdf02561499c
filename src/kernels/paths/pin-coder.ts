/** Pins by their ids, which follow the order in which they were met: one near another, or the next new one. */
import { bit, contexts, fail, forget, integer, integerContexts, natural } from "../coding/binary-coder";
import * as pins from "./pin-names";

const newPin = contexts(4);
const skippedPins = contexts(integerContexts);
const nearPin = contexts(4 * integerContexts);

/** Pins that the other side knows. */
let knownPins: i32 = 0;

export function reset(): void {
  knownPins = 0;
  forget(newPin, 4);
  forget(skippedPins, integerContexts);
  forget(nearPin, 4 * integerContexts);
}

/** The first `count` pins are known to both sides. */
export function knowPins(count: i32): void {
  knownPins = max(knownPins, count);
}

/** The pin if the other side knows it, else -1. */
export function known(pin: i32): i32 {
  return pin < knownPins ? pin : -1;
}

/** Codes a pin, likely one near `near`. */
export function codePin(section: u32, pin: i32, near: i32): i32 {
  if (bit(newPin + 4 * <usize>section, pin >= knownPins ? 1 : 0)) {
    const id = knownPins + <i32>natural(skippedPins, <u32>(pin - knownPins));
    if (<u32>id >= <u32>pins.pinCount()) {
      fail();
      return 0;
    }
    knownPins = id + 1;
    return id;
  }
  return max(0, min(knownPins - 1, near + integer(nearPin + <usize>section * 4 * integerContexts, pin - near)));
}
