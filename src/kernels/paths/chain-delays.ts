/** The delays of a chain's rows: as that pin had it the last time, as its twin has it, or as its cell mostly has. */
import { pinAt, shapeAt, tailAt, textAt, timeAt, valuesAt } from "./chain-rows";
import * as nodes from "./nodes";
import * as order from "./order";
import { recall, remembered, sameEdge } from "./recalled";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as shapes from "./shapes";
import * as texts from "./texts";
import * as twinDelays from "./twin-delays";

/** What the delay of a row is like: that of the same pin and edge the last time, or of its cell. */
export function expectedDelay(place: usize): i32 {
  if (shapes.delayIndex(load<i32>(place + shapeAt)) < 0) return 0;
  recall(load<i32>(place + pinAt), load<i32>(place + textAt));
  if (remembered !== 0 && sameEdge && nodes.delay(remembered) !== nodes.none) return nodes.delay(remembered);
  return residuals.mean(delayHash(place));
}

// @ts-ignore: decorator
@inline
export function delayHash(place: usize): u32 {
  return mix(texts.hash(load<i32>(place + tailAt)), texts.hash(load<i32>(place + textAt)) + 5);
}

/** The delay of a row whose predecessor's time is known. */
export function codeDelay(place: usize, before: i32): void {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0) return;
  const value = place + valuesAt + 4 * index;
  const whole = load<i32>(place + timeAt) - before;
  findTwin(place);
  const delay = residuals.code(101, whole - twinDelays.rounding(), load<i32>(value));
  if (twin !== 0) {
    twinDelays.learn(delay);
    twinDelays.learnRounding(twin, whole - delay);
  }
  store<i32>(value, delay);
  residuals.learn(delayHash(place), delay);
}

/** How the times of a row and of the one before it were rounded beside its delay. */
export function learnRounding(place: usize, before: i32): void {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0 || twin === 0) return;
  twinDelays.learnRounding(twin, load<i32>(place + timeAt) - load<i32>(place + valuesAt + 4 * <usize>index) - before);
}

/** Where the twin of the row is kept, 0 if it has none. */
let twin: usize = 0;
function findTwin(place: usize): void {
  const pin = load<i32>(place + pinAt);
  twin = 0;
  if (pin < 0) return;
  twinDelays.find(pin, mix(texts.hash(load<i32>(place + textAt)), <u32>order.typeNow()));
  twin = twinDelays.place();
}

/** The delay of a row whose predecessor is new; answers the predecessor's time as it follows. */
export function codeOwnDelay(place: usize): i32 {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0) return load<i32>(place + timeAt);
  const value = place + valuesAt + 4 * index;
  const hash = delayHash(place);
  recall(load<i32>(place + pinAt), load<i32>(place + textAt));
  let delay: i32;
  findTwin(place);
  let rounding = 0;
  if (remembered !== 0 && sameEdge && nodes.delay(remembered) !== nodes.none) {
    delay = residuals.code(102, nodes.delay(remembered), load<i32>(value));
    residuals.learn(hash, delay);
  } else if (twin !== 0 && twinDelays.code(load<i32>(value))) {
    delay = twinDelays.twinDelay();
    rounding = twinDelays.rounding();
    residuals.learn(hash, delay);
  } else delay = residuals.codeAlike(hash, load<i32>(value));
  if (twin !== 0) twinDelays.learn(delay);
  store<i32>(value, delay);
  return load<i32>(place + timeAt) - delay - rounding;
}
