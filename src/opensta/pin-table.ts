import type { ByteSource } from "./byte-source.js";
import { parseFigure } from "./figure-text.js";
import { pinColumns } from "./pin-columns.js";
import type { PrintedFigure } from "./records/printed.js";
import type { PathType } from "./report-records.js";
import { WantedNames } from "./wanted-names.js";

/** What a pin table says of a pin: its worst slack of that type, INF where no constraint reaches it; null if it does not say. */
export type PinSlacks = Readonly<Record<PathType, PrintedFigure | null>>;

/** The longest line that is read; what is longer is passed over. */
const lineBytesMax = 1 << 20;

const [tab, lineFeed, hash] = [9, 10, 35];

/**
 * Reads the rows of the pins that are asked for out of a pin table (formats/pin-table.ts has a sample). Only these become
 * text: memory grows with what is asked for, not with the table.
 * @example (await readPinSlacks(openSource("pins.tsv"), new Set(["_7913_/D"]))).get("_7913_/D")?.max // "INF"
 */
export async function readPinSlacks(source: ByteSource, wanted: ReadonlySet<string>): Promise<Map<string, PinSlacks>> {
  const reader = new SlackRows(wanted);
  for await (const bytes of source) reader.push(bytes);
  reader.finish();
  return reader.found;
}

/** The places of the slack columns of each type. */
type SlackColumns = Readonly<Record<PathType, readonly number[]>>;

class SlackRows {
  readonly found = new Map<string, PinSlacks>();
  readonly #wanted: WantedNames;
  #columns: SlackColumns = { max: [], min: [] };
  /** The beginning of a line whose end has not come; too long a line is skipped. */
  #rest: Buffer = Buffer.alloc(0);
  #skipping = false;

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = new WantedNames(wanted);
  }

  push(bytes: Uint8Array): void {
    let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#rest.length > 0 || this.#skipping) {
      const end = text.indexOf(lineFeed);
      if (end >= 0 && !this.#skipping) this.#lines(Buffer.concat([this.#rest, text.subarray(0, end + 1)]));
      if (end < 0) return this.#keep(Buffer.concat([this.#rest, text]));
      this.#skipping = false;
      text = text.subarray(end + 1);
    }
    this.#keep(text.subarray(this.#lines(text)));
  }

  finish(): void {
    if (this.#rest.length > 0) this.#lines(Buffer.concat([this.#rest, Buffer.of(lineFeed)]));
  }

  #keep(rest: Buffer): void {
    this.#skipping ||= rest.length > lineBytesMax;
    this.#rest = this.#skipping ? Buffer.alloc(0) : Buffer.from(rest);
  }

  /** Reads the whole lines of `text`; answers where the last of them ends. */
  #lines(text: Buffer): number {
    let from = 0;
    for (let to = text.indexOf(lineFeed); to >= 0; to = text.indexOf(lineFeed, from)) {
      if (text[from] === hash) this.#columns = slackColumns(text.toString("utf8", from, to)) ?? this.#columns;
      const pin = this.#wanted.find(text, from, tab, to);
      if (pin !== null) this.#take(pin, text.toString("utf8", from + Buffer.byteLength(pin) + 1, to));
      from = to + 1;
    }
    return from;
  }

  #take(pin: string, text: string): void {
    const cells = text.split("\t");
    const worst = (type: PathType) => leastOf(this.#columns[type].map((at) => parseFigure(cells[at]?.trim() ?? "")));
    this.found.set(pin, { max: worst("max"), min: worst("min") });
  }
}

function slackColumns(header: string): SlackColumns | null {
  const names = pinColumns(header);
  const places = (type: PathType) =>
    (names ?? []).flatMap((name, at) => (new RegExp(`^slack_${type}(?:_|$)`).test(name) ? [at] : []));
  return names && { max: places("max"), min: places("min") };
}

/** The least of the figures that are there. */
function leastOf(figures: readonly (PrintedFigure | null)[]): PrintedFigure | null {
  let least: PrintedFigure | null = null;
  for (const figure of figures) if (figure && (!least || isLess(figure, least))) least = figure;
  return least;
}

function isLess(a: PrintedFigure, b: PrintedFigure): boolean {
  if (a === "-INF" || b === "INF") return a !== b;
  if (a === "INF" || b === "-INF") return false;
  const digits = Math.max(a.digits, b.digits);
  return a.units * 10 ** (digits - a.digits) < b.units * 10 ** (digits - b.digits);
}
