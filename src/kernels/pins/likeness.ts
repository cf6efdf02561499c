/** How much the values of two rows have in common, one of them a load and the other its driver perhaps. */

import { isNear, valueAt } from "./learn-kinds";
import { isNumber, ordinalMax } from "./numbers";
import { columns, hasArrivals, values } from "./table";

/** What a value tells that is the same to the last digit, beside one that only is nearly so. */
export const exact: i32 = 4;

/** How much a load has in common with a driver; -1 if it cannot be its load. */
export function likeness(row: i32, driver: i32): i32 {
  const own = values + 4 * <usize>columns * <usize>row;
  const other = values + 4 * <usize>columns * <usize>driver;
  const one = v128.load(own);
  const two = v128.load(other);
  const same = i32x4.eq(one, two);
  // A number that is no less than the driver's by far tells nothing.
  const few = i32x4.lt_s(i32x4.sub(one, two), i32x4.splat(farApart));
  const infinite = v128.or(i32x4.gt_s(one, i32x4.splat(ordinalMax)), i32x4.gt_s(i32x4.abs(two), i32x4.splat(ordinalMax)));
  const open = v128.or(v128.andnot(few, same), infinite);
  let sum = exact * popcnt(i32x4.bitmask(same));
  if (v128.any_true(open)) sum = slowLikeness(row, driver);
  if (!hasArrivals || sum < 0) return sum;
  for (let column = 4; column < 8; column++) {
    if (valueAt(row, column) !== valueAt(driver, column)) return -1;
    sum += exact;
  }
  return sum;
}

/** Ordinals so far apart are not near each other, unless they are next to nothing. */
const farApart: i32 = 1 << 24;

function slowLikeness(row: i32, driver: i32): i32 {
  let same = 0;
  for (let column = 0; column < 4; column++) {
    const value = valueAt(row, column);
    const other = valueAt(driver, column);
    if (value === other) same += isNumber(value) ? exact : 0;
    else if (isNear(value, other)) same++;
    else if (value < other) return -1;
  }
  return same;
}
