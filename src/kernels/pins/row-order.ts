/** Which pin each row shows: runs that follow the base's order or the order of the ids, and jumps between them. */

import { codeNumber, codeTree, contexts, damaged, decoding, fail, numberBytes, numberModels } from "../names/binary-coder";
import { pinCount } from "../names/names";
import { basePinOfRow, baseRowOfPin, baseRows, pinOfRow } from "./table";

const alongBase: i32 = 0;
const alongIds: i32 = 1;
const skipInBase: i32 = 2;
const anyPin: i32 = 3;

let baseCursor: i32 = 0;
let idCursor: i32 = 0;

/** Codes the pins of `count` rows; ids from `firstNew` on are new with this table. */
export function codeRowOrder(count: i32, firstNew: i32): void {
  const jumps = contexts(16);
  const numbers = numberModels(3);
  baseCursor = 0;
  idCursor = firstNew;
  let mode = baseRows > 0 ? alongBase : alongIds;
  let row = 0;
  while (row < count) {
    const run = codeNumber(numbers, decoding ? 0 : runLength(row, count, mode));
    if (run < 0 || run > count - row) return fail();
    if (!follow(row, run, mode)) return fail();
    row += run;
    if (row === count || damaged) return;
    const jump = <i32>codeTree(jumps + 16 * <usize>mode, 2, decoding ? 0 : chooseJump(row, mode));
    if (jump === alongBase || jump === alongIds) {
      if (jump === mode) return fail();
      mode = jump;
    } else if (jump === skipInBase) {
      baseCursor += codeNumber(numbers + numberBytes, decoding ? 0 : baseRowAt(row) - baseCursor);
      mode = alongBase;
    } else {
      idCursor += codeNumber(numbers + 2 * numberBytes, decoding ? 0 : pinAt(row) - idCursor);
      mode = alongIds;
    }
  }
}

function pinAt(row: i32): i32 {
  return load<i32>(pinOfRow + 4 * <usize>row);
}

function baseRowAt(row: i32): i32 {
  return baseRows === 0 ? -1 : load<i32>(baseRowOfPin + 4 * <usize>pinAt(row));
}

function expected(mode: i32, step: i32): i32 {
  if (mode === alongIds) return idCursor + step;
  return <u32>(baseCursor + step) < <u32>baseRows ? load<i32>(basePinOfRow + 4 * <usize>(baseCursor + step)) : -1;
}

function runLength(row: i32, count: i32, mode: i32): i32 {
  let run = 0;
  while (row + run < count && pinAt(row + run) === expected(mode, run)) run++;
  return run;
}

function follow(row: i32, run: i32, mode: i32): bool {
  const pins = pinCount();
  if (decoding)
    for (let step = 0; step < run; step++) {
      const pin = expected(mode, step);
      if (<u32>pin >= <u32>pins) return false;
      store<i32>(pinOfRow + 4 * <usize>(row + step), pin);
    }
  if (mode === alongIds) idCursor += run;
  else baseCursor += run;
  return true;
}

function chooseJump(row: i32, mode: i32): i32 {
  const other = 1 - mode;
  if (pinAt(row) === expected(other, 0)) return other;
  return baseRowAt(row) >= 0 ? skipInBase : anyPin;
}
