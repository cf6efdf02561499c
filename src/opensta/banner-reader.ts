/**
 * The frames that flow scripts put around the name of what follows:
 *
 *     ==========================================================================
 *     finish report_checks -path_delay min
 *     --------------------------------------------------------------------------
 *
 * Only the third line tells that the two before it were no plain text, so that they wait for it.
 */
import type { Line } from "./line.js";
import type { Section } from "./records/session.js";
import { commandIn } from "./formats/section-lines.js";

const edge = /^={20,}\s*$/;
const closing = /^-{20,}\s*$/;
/** No line of a frame is longer. */
const lineBytesMax = 400;

/** Whether a frame begins with this line. */
export const beginsBanner = (line: Line): boolean => line.first === 61 && fits(line) && edge.test(line.beginning);

const fits = (line: Line): boolean => line.to - line.from <= lineBytesMax;

/** Holds back what may become a frame. */
export class BannerReader {
  #held: Line[] = [];

  /** Whether lines are held back. */
  get isOpen(): boolean {
    return this.#held.length > 0;
  }

  /** Takes a line: it is held back, or ends a frame; "none" if it does neither, and what is held is to be released. */
  take(line: Line): "held" | "none" | Section {
    const [first, title] = this.#held;
    if (first && title) {
      if (!closing.test(line.beginning)) return "none";
      this.#held = [];
      const { byteOffset, number } = first;
      const text = title.text.trim();
      return { kind: "section", title: text, command: commandIn(text), source: "banner", byteOffset, line: number };
    }
    const belongs = first ? fits(line) && !line.isBlank && !edge.test(line.beginning) : beginsBanner(line);
    if (!belongs) return "none";
    this.#held.push(line.copy());
    return "held";
  }

  /** The lines that were held back and begin no frame. */
  release(): readonly Line[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
