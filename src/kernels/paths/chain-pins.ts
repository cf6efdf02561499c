/** Which pin or text each row of a chain is of, from its end: the endpoint, then each row before. */
import { bit, contexts, decoding, forget } from "../coding/binary-coder";
import { allocate } from "../report/memory";
import { identify, pinAt, rowBytes, rowPlace, rows, tailAt, textAt } from "./chain-rows";
import * as guesses from "./guesses";
import { edgeOf } from "./guesses";
import * as nodes from "./nodes";
import * as order from "./order";
import * as outcomes from "./outcomes";
import * as pinCoder from "./pin-coder";
import * as pins from "./pin-names";
import { recall, remembered, sameEdge } from "./recalled";
import { mix } from "./residuals";
import * as texts from "./texts";

const expectedHits = contexts(32);
const guessHits = contexts(2 << 10);
const siblingHits = contexts(1 << 10);
const siblingPorts = allocate(4 << 10);
const pinHits = contexts(4);
const kindSlots: i32 = 1 << 10;
const kinds = contexts(2 * kindSlots);
const lastKinds = contexts(2);
const followers = contexts(2);
const lastHits = contexts(2);

export function reset(): void {
  forget(expectedHits, 32);
  forget(guessHits, 2 << 10);
  forget(siblingHits, 1 << 10);
  memory.fill(siblingPorts, 0, 4 << 10);
  forget(pinHits, 4);
  forget(kinds, 2 * kindSlots);
  forget(lastKinds, 2);
  forget(followers, 2);
  forget(lastHits, 2);
}

/** Codes which pin or text the last row is of; `hint` is the pin that is expected, -1 if none. */
export function codeLast(section: u32, hint: i32, near: i32): void {
  const pin = load<i32>(rows + pinAt);
  const isPin = bit(lastKinds + 4 * <usize>section, pin >= 0 ? 1 : 0);
  store<i32>(
    rows + pinAt,
    isPin ? (hint >= 0 && bit(lastHits + 4 * <usize>section, pin === hint ? 1 : 0) ? hint : pinCoder.codePin(section, pin, near)) : -1,
  );
  store<i32>(rows + textAt, texts.code(mix(section, 91 + isPin), load<i32>(rows + textAt)));
}

/** Codes the endpoint: the last pin of the arrival's chain, if it is one. */
export function codeEnd(near: i32): void {
  const pin = load<i32>(rows + pinAt);
  const isPin = bit(lastKinds, pin >= 0 ? 1 : 0);
  const coded = isPin ? codeEndpoint(pin, near) : -1;
  store<i32>(rows + pinAt, coded);
  store<i32>(rows + textAt, texts.code(mix(isPin ? order.edgeOf(coded) : 3, 90), load<i32>(rows + textAt)));
}

/** Codes an endpoint: that which followed before in this stage, or as the order of slacks says, or as before, or any. */
export function codeEndpoint(pin: i32, near: i32): i32 {
  const next = pinCoder.known(order.follower());
  const isFresh = next >= 0 && outcomes.isFresh;
  if (isFresh && bit(followers, next === pin ? 1 : 0)) return order.took(next);
  const told = order.code(pin);
  if (told >= 0) return order.took(told);
  const coded = next >= 0 && !isFresh && bit(followers + 4, next === pin ? 1 : 0) ? next : pinCoder.codePin(0, pin, near);
  order.learn(coded);
  return order.took(coded);
}

/** Which pin or text the row `row` from the end is of. */
export function codeBefore(section: u32, row: i32): void {
  const place = rowPlace(row);
  const next = place - rowBytes;
  const nextPin = load<i32>(next + pinAt);
  const nextText = load<i32>(next + textAt);
  if (section === 0) guesses.guess(nextPin, nextText);
  else guesses.none();
  recall(nextPin, nextText);
  const guessed = guesses.pin;
  const expected = remembered === 0 ? 0 : nodes.predecessor(remembered);
  const expectedPin = remembered === 0 ? -1 : nodes.pin(expected);
  if (!decoding) identify(row, expectedPin, guessed);
  const pin = load<i32>(place + pinAt);
  const text = load<i32>(place + textAt);
  const agree = guessed < 0 ? 0 : guessed === expectedPin ? 1 : 2;
  const context = mix(texts.hash(load<i32>(next + tailAt)), texts.hash(nextText) + section);
  if (remembered !== 0 && sameEdge) {
    const expectedText = expected === 0 ? -1 : nodes.text(expected);
    const edge = agree === 1 && edgeOf(expectedText) === guesses.edge ? 1 : 0;
    const hits = expectedHits + 4 * (nextPin >= 0 ? 0 : 1) + <usize>section * 8 + 16 * <usize>(agree + 2 * edge);
    if (bit(hits, pin === expectedPin && text === expectedText ? 1 : 0)) {
      store<i32>(place + pinAt, expectedPin);
      store<i32>(place + textAt, expectedText);
      return;
    }
  }
  const slot = <usize>((context ^ (context >> 11)) & (kindSlots - 1));
  if (guessed >= 0 && bit(guessHits + 8 * slot + 4 * (agree === 1 ? 1 : 0), pin === guessed ? 1 : 0)) {
    store<i32>(place + pinAt, guessed);
    store<i32>(place + textAt, texts.code(mix(context, 98 + guesses.edge), text));
    return;
  }
  const label = bit(kinds + 8 * slot, pin < 0 ? 1 : 0);
  if (label) {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, bit(kinds + 8 * slot + 4, text < 0 ? 1 : 0) ? -1 : texts.code(mix(context, 93), text));
    return;
  }
  let coded = pin;
  if (expectedPin >= 0 && agree !== 1 && bit(pinHits + 4 * (sameEdge ? 0 : 1), pin === expectedPin ? 1 : 0))
    coded = expectedPin;
  else coded = codeSibling(pin, nextPin, slot);
  store<i32>(place + pinAt, coded);
  store<i32>(place + textAt, texts.code(mix(context, 94), text));
}

/** A pin that may be of the same instance, with the port that it had there the last time. */
function codeSibling(pin: i32, next: i32, slot: usize): i32 {
  const place = siblingPorts + 4 * slot;
  const hint = next < 0 ? -1 : pinCoder.known(pins.pinOf(pins.pinInstance(next), load<i32>(place)));
  if (hint >= 0 && bit(siblingHits + 4 * slot, pin === hint ? 1 : 0)) return hint;
  const coded = pinCoder.codePin(2, pin, next);
  if (next >= 0 && coded >= 0 && pins.pinInstance(coded) === pins.pinInstance(next))
    store<i32>(place, pins.pinPort(coded));
  return coded;
}
