/** What stands behind the pins of an instance, mostly: its cell. */
import { Growing } from "../coding/growing";
import * as pins from "./pin-names";

/** For each instance a text (+1). */
const texts = Growing.make(8 << 20);

export function reset(): void {
  texts.clear();
}

/** The text of an instance, or -1. */
// @ts-ignore: decorator
@inline
export function cellOf(instance: i32): i32 {
  const index = <usize>instance * 4;
  return index < texts.used ? load<i32>(texts.start + index) - 1 : -1;
}

/** The text of a pin's instance, or -1. */
export function cellOfPin(pin: i32): i32 {
  return cellOf(pins.pinInstance(pin));
}

export function learn(instance: i32, text: i32): void {
  texts.reach4(instance);
  store<i32>(texts.start + <usize>instance * 4, text + 1);
}
