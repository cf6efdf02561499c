/** Whether a base's values are worth predicting from: in enough cells two pins must be as far apart as they were. */

import { pinInstance } from "../names/names";
import { pinAt } from "./cells";
import { isNumber } from "./numbers";
import { baseRowOf, baseValues, columns, rows, values } from "./table";

const step: i32 = 37;

export function isBaseLike(): bool {
  let compared = 0;
  let alike = 0;
  for (let row = 1; row < rows; row += step) {
    if (pinInstance(pinAt(row)) !== pinInstance(pinAt(row - 1))) continue;
    const base = baseRowOf(row);
    const before = baseRowOf(row - 1);
    if (base < 0 || before < 0) continue;
    for (let column = 0; column < columns; column++) {
      const now = at(values, row, column);
      const other = at(values, row - 1, column);
      const was = at(baseValues, base, column);
      const otherWas = at(baseValues, before, column);
      if (!isNumber(now) || !isNumber(other) || !isNumber(was) || !isNumber(otherWas)) continue;
      if (now === other && was === otherWas && now !== was) continue;
      compared++;
      const apart = now - other - was + otherWas;
      if (now === was || (apart < 3 && apart > -3)) alike++;
    }
  }
  return alike * 12 >= compared;
}

// @ts-ignore: decorator
@inline
function at(place: usize, row: i32, column: i32): i32 {
  return load<i32>(place + 4 * (<usize>columns * <usize>row + <usize>column));
}
