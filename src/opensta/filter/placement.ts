import Flatbush from "flatbush";
import type { ByteSource } from "../byte-source.js";

/** A rectangle in microns. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Instances that are placed in a rectangle. */
export type Region = ReadonlySet<string>;

/** Where the instances of a design are placed, with a spatial index. */
export class Placement {
  readonly #names: string[] = [];
  readonly #places: number[] = [];
  #index: Flatbush | null = null;

  /** How many instances are placed. */
  get size(): number {
    return this.#names.length;
  }

  /** Places an instance; its lower left corner in microns. */
  add(instance: string, x: number, y: number): void {
    this.#names.push(instance);
    this.#places.push(x, y);
    this.#index = null;
  }

  /** The instances whose lower left corner lies in the box, its edges included. */
  within({ left, bottom, right, top }: Box): Region {
    if (this.#names.length === 0) return new Set();
    this.#index ??= this.#build();
    return new Set(this.#index.search(left, bottom, right, top).map((at) => this.#names[at]!));
  }

  #build(): Flatbush {
    const index = new Flatbush(this.#names.length);
    for (let at = 0; at < this.#names.length; at++) {
      const [x, y] = [this.#places[2 * at]!, this.#places[2 * at + 1]!];
      index.add(x, y, x, y);
    }
    index.finish();
    return index;
  }
}

/** The longest line of a DEF that is looked at; what is longer holds no component. */
const lineMax = 1 << 20;

/**
 * The placement in a DEF file: `UNITS DISTANCE MICRONS n ;` and, between COMPONENTS and END COMPONENTS,
 *
 *     - u_lane/_1996_ DFFPOSX1 + SOURCE TIMING + PLACED ( 24800 51200 ) FS ;
 *
 * over one line or several. Names lose the backslashes before their brackets. Instances without a place are left out.
 * @throws {RangeError} if it has no COMPONENTS, or not all of them.
 * @example const placement = await readPlacement(openSource("out.def")); placement.within({ left: 0, bottom: 0, right: 50, top: 50 });
 */
export async function readPlacement(def: ByteSource): Promise<Placement> {
  const placement = new Placement();
  let perMicron = 1000;
  let inside = false;
  let seen = false;
  let ended = false;
  let statement = "";
  for await (const line of linesOf(def)) {
    if (!inside) {
      perMicron = Number(/^\s*UNITS DISTANCE MICRONS (\d+)/.exec(line)?.[1] ?? perMicron);
      inside = /^\s*COMPONENTS\s+\d+/.test(line);
      seen ||= inside;
      continue;
    }
    if (/^\s*END COMPONENTS/.test(line)) {
      ended = true;
      break;
    }
    statement = `${statement} ${line}`.slice(-lineMax);
    if (!line.trimEnd().endsWith(";")) continue;
    const found = /^\s*-\s+(\S+)\s+\S+.*?\+ (?:PLACED|FIXED|COVER)\s+\(\s*(-?\d+)\s+(-?\d+)\s*\)/s.exec(statement);
    if (found)
      placement.add(found[1]!.replaceAll("\\", ""), Number(found[2]) / perMicron, Number(found[3]) / perMicron);
    statement = "";
  }
  if (!seen) throw new RangeError("it has no COMPONENTS section: it places nothing");
  if (!ended) throw new RangeError("it ends inside of COMPONENTS: instances are missing");
  if (!(perMicron > 0)) throw new RangeError(`its UNITS DISTANCE MICRONS is ${perMicron}`);
  return placement;
}

async function* linesOf(source: ByteSource): AsyncGenerator<string> {
  let rest = "";
  for await (const bytes of source) {
    const lines = (rest + Buffer.from(bytes).toString("latin1")).split("\n");
    rest = lines.pop()!.slice(-lineMax);
    yield* lines;
  }
  if (rest) yield rest;
}
