/** Ports by id: the text after the last slash. */

import { Column } from "./column";
import { put, zeroedSlots } from "./slots";
import { isSame } from "../report/bytes";
import { hashText } from "./text";

const portTexts = new Column(1 << 20);
let portTextBytes: usize = 0;
/** Per port: text offset, text length. */
const ports = new Column(1 << 19);
let portsMade: i32 = 0;
let portSlots: usize = 0;
let portSlotsMask: u32 = 0;
export let longestPort: i32 = 0;

export function forgetPorts(): void {
  portTextBytes = 0;
  portsMade = 0;
  longestPort = 0;
  if (portSlots !== 0) memory.fill(portSlots, 0, (<usize>portSlotsMask + 1) * 4);
}

export function portCount(): i32 {
  return portsMade;
}
// @ts-ignore: decorator
@inline
export function portText(port: i32): usize {
  return portTexts.at + load<u32>(ports.at + 8 * <usize>port);
}
// @ts-ignore: decorator
@inline
export function portLength(port: i32): usize {
  return load<u32>(ports.at + 8 * <usize>port, 4);
}

// @ts-ignore: decorator
@inline
export function isPort(port: i32, from: usize, length: usize): bool {
  return portLength(port) === length && isSame(portText(port), from, length);
}

/** The id of a port, made if there is none. */
export function internPort(from: usize, length: usize): i32 {
  if (portSlots === 0 || <u32>portsMade * 2 > portSlotsMask) {
    portSlotsMask = portSlots === 0 ? 0xff : portSlotsMask * 4 + 3;
    portSlots = zeroedSlots(portSlotsMask);
    for (let id = 0; id < portsMade; id++) put(portSlots, portSlotsMask, hashText(portText(id), portLength(id)), id);
  }
  const found = findPort(from, length);
  if (found >= 0) return found;
  const made = portsMade;
  put(portSlots, portSlotsMask, hashText(from, length), made);
  portTexts.need(portTextBytes + length + 16);
  ports.need(8 * <usize>(made + 1));
  memory.copy(portTexts.at + portTextBytes, from, length);
  store<u32>(ports.at + 8 * <usize>made, <u32>portTextBytes);
  store<u32>(ports.at + 8 * <usize>made, <u32>length, 4);
  portTextBytes += length;
  longestPort = max(longestPort, <i32>length);
  portsMade++;
  return made;
}

/** The id of a port, or -1. */
export function findPort(from: usize, length: usize): i32 {
  if (portSlots === 0) return -1;
  let slot = hashText(from, length) & portSlotsMask;
  while (true) {
    const id = load<i32>(portSlots + 4 * <usize>slot) - 1;
    if (id < 0) return -1;
    if (isPort(id, from, length)) return id;
    slot = (slot + 1) & portSlotsMask;
  }
}
