import { formOf } from "../timing/file-form.js";

/** What begins a report behind a table of pins. */
const marks = ["\nStartpoint: ", "_delay/"];
const marksMax = 16;

/**
 * Passes over the rows of a file that begins as a table of pins: nothing in them is a report's. From a piece on that
 * holds the mark of one, everything is let through.
 */
export class TableSkip {
  #isTable: boolean | null = null;
  #before = Buffer.alloc(0);

  /** Whether nothing in this piece of the file has to be looked at. */
  skips(bytes: Uint8Array): boolean {
    this.#isTable ??= formOf(bytes) === "pins";
    if (!this.#isTable) return false;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const seam = Buffer.concat([this.#before, text.subarray(0, marksMax)]);
    this.#isTable = !holdsMark(seam) && !holdsMark(text);
    this.#before = Buffer.from(text.subarray(-marksMax));
    return this.#isTable;
  }
}

const holdsMark = (text: Buffer): boolean => marks.some((mark) => text.indexOf(mark) >= 0);
