/** Rows of paths as text. What was written of late is copied: to make a name anew costs more than to find its row. */
import { copyShort } from "../coding/copy";
import { Growing } from "../coding/growing";
import { lineFeed } from "../report/bytes";
import { allocate } from "../report/memory";
import * as nodes from "./nodes";
import * as pins from "./pin-names";
import * as shapes from "./shapes";
import * as texts from "./texts";

/** The rows written of late, one behind the other and round again: each behind its length. */
const ringBytes: usize = 1 << 26;
const ring = allocate(ringBytes + 64);
const lengthBytes: usize = 4;
const rowBytesMax: usize = 252;
/** The oldest rows may be written over already. */
const margin: usize = 512;
/** For each node how much the ring had taken when its row was put there (+1); 0: it was not. */
const places = Growing.make(12 << 20);
let taken: u32 = 0;
/** Before the count runs over, all is forgotten. */
const takenMax: u32 = 0xf0000000;

export function reset(): void {
  places.clear();
  taken = 0;
}

/** Writes the row of a node with its line feed; answers where it ends. Up to 16 bytes beyond are overwritten. */
export function write(node: i32, to: usize): usize {
  places.reach4(node);
  const place = places.start + <usize>node * 4;
  const before = load<u32>(place);
  if (before !== 0 && taken - before < <u32>(ringBytes - margin)) {
    const from = ring + (<usize>(before - 1) & (ringBytes - 1));
    const length = <usize>load<u32>(from);
    copyShort(to, from + lengthBytes, length);
    return to + length;
  }
  const end = make(node, to);
  const length = end - to;
  if (length <= rowBytesMax) keep(node, to, length);
  return end;
}

/** Puts the row of a node into the ring. */
function keep(node: i32, from: usize, length: usize): void {
  const needed = <u32>((lengthBytes + length + 3) & ~3);
  const left = <u32>ringBytes - (taken & <u32>(ringBytes - 1));
  if (left < needed) taken += left;
  if (taken > takenMax) reset();
  const start = ring + <usize>(taken & <u32>(ringBytes - 1));
  store<u32>(start, <u32>length);
  copyShort(start + lengthBytes, from, length);
  places.reach4(node);
  store<u32>(places.start + <usize>node * 4, taken + 1);
  taken += needed;
}

function make(node: i32, to: usize): usize {
  const pin = nodes.pin(node);
  let at = shapes.write(nodes.shape(node), nodes.values(node), to);
  at = texts.write(nodes.text(node), at);
  if (pin >= 0) at = texts.write(nodes.tail(node), pins.writePin(pin, at));
  store<u8>(at, lineFeed);
  return at + 1;
}
