/** The pins, as the shared dictionary has them. */
import {
  instanceLength,
  instanceText,
  internPin,
  pinInstance,
  pinPort,
  portLength,
  portText,
} from "../names/names";
import { isSame } from "../report/bytes";

export {
  findPinOf as pinOf,
  firstPinOf,
  internPin,
  nextPinOf,
  pinCount,
  pinInstance,
  pinPort,
  writeInstance,
  writePin,
} from "../names/names";

/** The pin named by [from, to), quicker where it is likely this one (-1: no guess). */
// @ts-ignore: decorator
@inline
export function internLike(guess: i32, from: usize, to: usize): i32 {
  return guess >= 0 && isNamed(guess, from, to) ? guess : internPin(from, to);
}

/** Whether the pin is named by [from, to). */
export function isNamed(pin: i32, from: usize, to: usize): bool {
  const port = pinPort(pin);
  const portBytes = portLength(port);
  const instance = pinInstance(pin);
  const bytes = instanceLength(instance);
  return (
    to - from === bytes + portBytes &&
    isSame(portText(port), from + bytes, portBytes) &&
    isSame(instanceText(instance), from, bytes)
  );
}

/** A byte of the pin's name. */
export function firstLetter(pin: i32): u8 {
  return load<u8>(instanceText(pinInstance(pin)));
}
