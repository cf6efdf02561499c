/** The last pin of a path's arrival part, where the rows are not kept: of all its pins, it alone becomes a name. */
import { idOf, NameTable } from "./names";

/** Where it stands; 0: it is a name by now, or there is none. */
let start: usize = 0;
let end: usize = 0;
let id: i32 = -1;

export function forget(): void {
  start = 0;
  id = -1;
}

// @ts-ignore: decorator
@inline
export function set(from: usize, to: usize): void {
  start = from;
  end = to;
}

/** Its id, -1 if there is none; to be asked before what it points at, the window, moves. */
export function resolve(pins: NameTable): i32 {
  if (start !== 0) id = idOf(pins.intern(start, end));
  start = 0;
  return id;
}
