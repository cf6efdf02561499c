import type { Names } from "../opensta/names.js";

const placesMin = 16;

/** Ids that are near each other are mostly of one group: they share a page of the index. */
const pageBits = 6;
const pagePins = 1 << pageBits;

/** The slack of each of many pins, in units of a decimal place, in the order in which the pins came. Pins are ids, dense from 0. */
export class PinSlacks {
  size = 0;
  #pins = new Int32Array(placesMin);
  #units = new Float64Array(placesMin);
  /** Where in `index` the page of each run of ids begins; page 0 is that of the ids that have none. */
  #pages = new Int32Array(placesMin);
  /** For each id of a page its place among the pins plus one, 0 for none. */
  #index = new Int32Array(2 * pagePins);
  #indexUsed = pagePins;

  /** All pins, and the slack of each. */
  get pins(): Int32Array {
    return this.#pins.subarray(0, this.size);
  }

  get units(): Float64Array {
    return this.#units.subarray(0, this.size);
  }

  /** Takes the slack in, if the pin has none yet or a better one. */
  add(pin: number, units: number): void {
    const page = pin >>> pageBits;
    const at = (page < this.#pages.length && this.#pages[page]!) || this.#newPage(page);
    const place = this.#index[at + (pin & (pagePins - 1))]! - 1;
    if (place >= 0) {
      if (units < this.#units[place]!) this.#units[place] = units;
      return;
    }
    if (this.size === this.#pins.length) {
      this.#pins = larger(this.#pins, this.size + 1);
      this.#units = larger(this.#units, this.size + 1);
    }
    this.#pins[this.size] = pin;
    this.#units[this.size] = units;
    this.#index[at + (pin & (pagePins - 1))] = ++this.size;
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

  #newPage(page: number): number {
    if (page >= this.#pages.length) this.#pages = larger(this.#pages, page + 1);
    const at = this.#indexUsed;
    this.#indexUsed += pagePins;
    if (this.#indexUsed > this.#index.length) this.#index = larger(this.#index, this.#indexUsed);
    this.#pages[page] = at;
    return at;
  }
}

/** A copy with room for at least so many entries, and for twice as many as before. */
function larger<Column extends Int32Array | Float64Array>(column: Column, entries: number): Column {
  const make = column.constructor as new (length: number) => Column;
  const copy = new make(Math.max(column.length * 2, entries));
  copy.set(column);
  return copy;
}
