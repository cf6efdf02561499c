/**
 * The slacks of a table. A driver's slack is the least of its loads'; of a gate's inputs one has the output's slack
 * (with the edges that the gate turns), the others are larger by a gap. What a base knows of a gap it predicts.
 */

import { beginAloneRows, codeAloneRow } from "./alone-rows";
import { beginOutputs, codeOutput, codeRegister } from "./cell-outputs";
import { codeTwin } from "./cell-twins";
import { cells, gate, kindFirstPort, kindInputs, kindMode, kindOf, kindOutputs, kindSize, loose, startOf } from "./cells";
import { beginInputs, codeInputs } from "./gate-inputs";
import { beginKnownInputs } from "./known-inputs";
import { beginNetSlacks, forgetRequired, part, setPart, tellNet, tellNets } from "./net-slacks";
import { cellOrder } from "./nets";
import { baseComparable, comparedRow, hasArrivals } from "./table";
import { beginWidths, spreadWidths } from "./widths";

/** The passes before those over the slacks. */
const slackPass: u8 = 8;

export function codeSlacks(): void {
  beginNetSlacks();
  beginAloneRows();
  beginOutputs();
  beginInputs();
  beginKnownInputs();
  beginWidths();
  let pass: u8 = slackPass;
  for (let pair = 0; pair < 4; pair += 2) {
    setPart(pair);
    pass++;
    if (pair === 2 && !hasArrivals) spreadWidths();
    for (let cell = 0; cell < cells; cell++) codeAloneRows(cell, pass);
    pass++;
    for (let index = 0; index < cells; index++) codeCell(load<i32>(cellOrder + 4 * <usize>index), pass);
  }
}

/** The rows that follow from nothing else in their cell. */
function codeAloneRows(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  const linked = kindMode(kind) === loose ? 0 : kindOutputs(kind) | kindInputs(kind);
  const start = startOf(cell);
  const size = startOf(cell + 1) - start;
  const first = kindFirstPort(kind);
  const known = kindMode(kind) !== loose || kindSize(kind) > 0;
  if (size < 33 && (linked === ((<u64>1 << size) - 1))) return;
  const copied = !baseComparable && codeTwin(cell, linked === 0 ? 0xffffffff : ~linked, part, pass);
  for (let port = 0; port < size; port++) {
    if (port < 32 && (linked >> port) & 1) continue;
    if (copied) {
      tellNet(start + port, -1);
      continue;
    }
    forgetRequired();
    codeAloneRow(start + port, known ? first + port : 0);
    tellNet(start + port, comparedRow(start + port));
  }
}

function codeCell(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  const mode = kindMode(kind);
  if (mode === loose) return;
  const start = startOf(cell);
  const first = kindFirstPort(kind);
  let outputs = kindOutputs(kind);
  if (!baseComparable && codeTwin(cell, outputs | kindInputs(kind), part, pass)) return tellNets(start, kindInputs(kind));
  while (outputs !== 0) {
    const port = ctz(outputs);
    outputs &= outputs - 1;
    codeOutput(start + port, first + port);
  }
  if (mode === gate) codeInputs(kind, start);
  else codeRegister(kind, start);
}

