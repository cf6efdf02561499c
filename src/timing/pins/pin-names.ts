import { takeKernel } from "../timing-kernel.js";
import type { PinKernel } from "./pin-kernel.js";

/** Whoever keeps columns in the kernel's memory, and takes them out when another needs the room. */
export interface Resident {
  moveOut(): void;
}

/**
 * The names of pins that a chain of stages shares: ids are dense, in the order of first appearance.
 * One kernel holds them, and works on one table at a time.
 */
export class PinNames {
  #resident: Resident | undefined;

  constructor(readonly kernel: PinKernel = takeKernel()) {}

  get pinCount(): number {
    return this.kernel.pinCount();
  }

  get instanceCount(): number {
    return this.kernel.instanceCount();
  }

  /** The full name of a pin, as it was printed. */
  pinName(pin: number): string {
    if (!Number.isInteger(pin) || pin < 0 || pin >= this.pinCount) throw new RangeError(`no pin has the id ${pin}`);
    const { kernel } = this;
    const place = kernel.mark();
    const start = kernel.allocate(kernel.nameBytesMax() + 64) >>> 0;
    const end = kernel.writePin(pin, start) >>> 0;
    kernel.release(place);
    return Buffer.from(kernel.memory.buffer, start, end - start).toString("utf8");
  }

  /** The id of a pin, or -1. */
  findPin(name: string): number {
    return this.#withText(name, (from, to) => this.kernel.findPin(from, to));
  }

  /** The id of a pin, made if it is new. */
  internPin(name: string): number {
    return this.#withText(name, (from, to) => this.kernel.internPin(from, to));
  }

  #withText(name: string, use: (from: number, to: number) => number): number {
    const text = Buffer.from(name, "utf8");
    const { kernel } = this;
    const place = kernel.mark();
    const start = kernel.allocate(text.length + 64) >>> 0;
    new Uint8Array(kernel.memory.buffer).set(text, start);
    const pin = use(start, start + text.length);
    kernel.release(place);
    return pin;
  }

  /** Makes the kernel's memory free for `next`. */
  enter(next: Resident | undefined): void {
    if (this.#resident === next) return;
    this.#resident?.moveOut();
    this.#resident = next;
  }

  /** The kernel's memory holds what `next` is made of. */
  replaceResident(next: Resident): void {
    this.#resident = next;
  }

  isResident(one: Resident): boolean {
    return this.#resident === one;
  }
}
