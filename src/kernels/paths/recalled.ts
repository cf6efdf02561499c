/** The row that stood for a pin and its edge the last time. */
import * as nodes from "./nodes";

/** Its node, 0 if there is none; if the edge is not the same, the newest of the pin. */
export let remembered: i32 = 0;
export let sameEdge: bool = false;

export function recall(pin: i32, text: i32): void {
  remembered = nodes.newest(pin, text);
  sameEdge = true;
  if (pin < 0) return;
  const newest = remembered;
  for (let steps = 0; remembered !== 0 && steps < 24; steps++) {
    if (nodes.text(remembered) === text) return;
    remembered = nodes.variant(remembered);
  }
  remembered = newest;
  sameEdge = false;
}
