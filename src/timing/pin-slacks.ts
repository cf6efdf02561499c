import type { Names } from "../opensta/names.js";

/** The first room, and how full it gets. */
const placesMin = 16;
const slotsPerPlace = 2;

/** The slack of each of many pins, in units of a decimal place, in the order in which the pins came. Pins are ids. */
export class PinSlacks {
  size = 0;
  #pins = new Int32Array(placesMin);
  #units = new Float64Array(placesMin);
  /** Open addressing: a pin's place plus one, 0 for free. */
  #slots = new Int32Array(placesMin * slotsPerPlace);

  /** All pins, and the slack of each. */
  get pins(): Int32Array {
    return this.#pins.subarray(0, this.size);
  }

  get units(): Float64Array {
    return this.#units.subarray(0, this.size);
  }

  /** Takes the slack in, if the pin has none yet or a better one. */
  add(pin: number, units: number): void {
    const mask = this.#slots.length - 1;
    let slot = slotOf(pin) & mask;
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      if (this.#pins[place - 1] === pin) {
        if (units < this.#units[place - 1]!) this.#units[place - 1] = units;
        return;
      }
      slot = (slot + 1) & mask;
    }
    this.#pins[this.size] = pin;
    this.#units[this.size] = units;
    this.#slots[slot] = ++this.size;
    if (this.size === this.#pins.length) this.#grow();
  }

  /** Takes in all slacks of others. */
  addAll(others: PinSlacks): void {
    const { pins, units } = others;
    for (let place = 0; place < pins.length; place++) this.add(pins[place]!, units[place]!);
  }

  /** The same, by the names that the ids stand for. */
  byName(names: Names): Map<string, number> {
    const named = new Map<string, number>();
    for (const [place, pin] of this.pins.entries()) named.set(names.text(pin), this.#units[place]!);
    return named;
  }

  #grow(): void {
    const places = this.#pins.length * 2;
    const pins = new Int32Array(places);
    pins.set(this.#pins);
    this.#pins = pins;
    const units = new Float64Array(places);
    units.set(this.#units);
    this.#units = units;
    this.#slots = new Int32Array(places * slotsPerPlace);
    const mask = this.#slots.length - 1;
    for (let place = 0; place < this.size; place++) {
      let slot = slotOf(pins[place]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = place + 1;
    }
  }
}

/** Ids that follow each other come to places that lie apart. */
function slotOf(pin: number): number {
  const mixed = Math.imul(pin, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
