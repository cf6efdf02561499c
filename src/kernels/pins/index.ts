/** Tables of pins, as OpenSTA prints their slacks: from text to a small coded form, and back byte for byte. */

import {
  codedBytes,
  codeBit,
  contexts,
  damaged,
  finishEncoding,
  isWholeRead,
  plainBytes,
  startDecoding,
  startEncoding,
} from "../names/binary-coder";
import { instanceCount, pinCount } from "../names/names";
import { allocate } from "../names/room";
import { codeNames } from "../names/segment";
import { learnTwins } from "../names/twins";
import { codeArrivals } from "./arrivals";
import { beginTwins } from "./cell-twins";
import { isBaseLike } from "./base-likeness";
import { codeKinds, groupRows } from "./cells";
import { codeCircuit } from "./circuit";
import { learnCircuit, setPinsKnown } from "./learn-circuit";
import { learnKinds, measureNoise } from "./learn-kinds";
import { joinLoads, makeDrivers } from "./nets";
import { codePlainColumns } from "./plain-columns";
import { codeRowOrder } from "./row-order";
import { codeSlacks } from "./slacks";
import {
  baseComparable,
  basePinOfRow,
  baseRows,
  baseValues,
  beginCircuit,
  columns,
  hasArrivals,
  hasSlacks,
  ignoreBaseValues,
  indexBase,
  pinOfRow,
  rows,
  rowsMax,
  setRows,
  values,
} from "./table";
import { beginValues } from "./value-coder";

export { allocate, mark, release } from "../names/room";
export {
  findPin,
  instanceCount,
  internPin,
  nameBytesMax,
  pinCount,
  pinInstance,
  pinPort,
  writeInstance,
  writePin,
} from "../names/names";
export { forgetNames } from "../names/names";
export { codeNames } from "../names/segment";
export { forgetTwins } from "../names/twins";
export {
  codedBytes,
  finishEncoding,
  isWholeRead,
  plainBytes,
  startDecoding,
  startEncoding,
} from "../names/binary-coder";
export { clearFormat, formatBits, setFormat } from "./numbers";
export { beginRender, isRendered, render } from "./render";
export { beginRaw, keepRaw, rawBytes, rawCount, rawPieces, rawText, scan, setRaw } from "./scan";
export {
  baseDrivers,
  basePinOfRow,
  baseTypes,
  baseValues,
  beginBase,
  beginTable,
  driverOfPin,
  pinOfRow,
  rows,
  setColumn,
  setRows,
  tablesStart,
  typeOfInstance,
  values,
} from "./table";

/** Where the coded and the plain bytes of a table lie after `encodeTable`. */
export let codedAt: usize = 0;
export let plainAt: usize = 0;

/** Codes the names from `firstNew` on and the rows that were scanned. */
export function encodeTable(firstNew: i32): void {
  const max: usize = 65536 + 6 * <usize>rows * <usize>(columns + 4);
  codedAt = allocate(max);
  plainAt = allocate(max);
  startEncoding(codedAt, max, plainAt, max);
  code(firstNew, pinCount(), rows, false);
  finishEncoding();
}

/** Decodes a table of `count` rows that makes the pins [firstNew, pinEnd). Answers whether the stored form was sound. */
export function decodeTable(
  coded: usize,
  codedSize: usize,
  plain: usize,
  plainSize: usize,
  firstNew: i32,
  pinEnd: i32,
  count: i32,
): bool {
  if (count < 0 || count > rowsMax || firstNew !== pinCount() || pinEnd < firstNew) return false;
  startDecoding(coded, codedSize, plain, plainSize);
  return code(firstNew, pinEnd, count, true) && !damaged && isWholeRead();
}

function code(firstNew: i32, pinEnd: i32, count: i32, decode: bool): bool {
  const flags = contexts(4);
  if (!codeNames(firstNew, pinEnd)) return false;
  indexBase();
  beginCircuit(pinCount(), instanceCount());
  setPinsKnown(pinCount());
  const same = baseComparable && (decode || isBase(count)) ? 1 : 0;
  if (baseComparable && codeBit(flags, same)) {
    if (decode) {
      if (count !== baseRows) return false;
      memory.copy(pinOfRow, basePinOfRow, 4 * <usize>count);
      memory.copy(values, baseValues, 4 * <usize>columns * <usize>count);
      setRows(count);
    }
    return true;
  }
  codeRowOrder(count, firstNew);
  if (damaged) return false;
  setRows(count);
  groupRows();
  if (baseComparable && codeBit(flags + 4, decode || isBaseLike() ? 1 : 0) === 0) ignoreBaseValues();
  beginValues();
  learnTwins();
  beginTwins();
  if (hasSlacks) {
    if (!decode) {
      measureNoise();
      learnKinds();
    }
    codeKinds();
    if (damaged) return false;
    makeDrivers();
    if (!decode) {
      learnCircuit();
      joinLoads(baseRows === 0);
    }
    codeCircuit();
    if (damaged) return false;
    if (decode) joinLoads(false);
    if (hasArrivals) codeArrivals();
    codeSlacks();
  }
  codePlainColumns(hasArrivals ? 8 : hasSlacks ? 4 : 0);
  return !damaged;
}

/** Whether the rows are the base's. */
function isBase(count: i32): bool {
  return (
    count === baseRows &&
    memory.compare(pinOfRow, basePinOfRow, 4 * <usize>count) === 0 &&
    memory.compare(values, baseValues, 4 * <usize>columns * <usize>count) === 0
  );
}

