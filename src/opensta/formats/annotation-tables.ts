/**
 * report_annotated_delay and report_annotated_check; 3.1.0 leaves blanks at the ends of the listed arcs:
 *
 *                                                               Not
 *     Delay type                        Total    Annotated   Annotated
 *     ----------------------------------------------------------------
 *     cell arcs                          9893           0        9893
 *     net arcs to primary outputs         100           0         100
 *     ----------------------------------------------------------------
 *                                       20305           0       20305
 *
 *     Unannotated Arcs
 *      primary input net  a[0] -> _4870_/B
 */
import type { Line } from "../line.js";
import type { AnnotationCount } from "../records/annotation.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const annotationTables: ReportFormat = {
  name: "annotation",
  initials: " DC",
  open(line, emit) {
    if (line.to - line.from > 100) return null;
    if (line.first === 32 && /^ {40,}Not\s*$/.test(line.text)) return new AnnotationReader(null, emit);
    const title = line.startsWith("Delay type ") || line.startsWith("Check type ") ? heading.exec(line.text) : null;
    return title && new AnnotationReader(title[1]!.toLowerCase() as AnnotationCount["of"], emit);
  },
};

const heading = /^(Delay|Check) type +Total +Annotated +Annotated\s*$/;
const row = /^(\S.*?)?(?: +(\d+))? +(\d+) +(\d+)\s*$/;
/** Roles stand in a field eighteen wide. */
const roleWidth = 18;

class AnnotationReader implements SectionReader {
  #annotated: boolean | null = null;

  constructor(
    private of: AnnotationCount["of"] | null,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    const title = heading.exec(text);
    if (title) {
      this.of = title[1]!.toLowerCase() as AnnotationCount["of"];
      return "taken";
    }
    if (!this.of) return "foreign";
    const list = /^(Una|A)nnotated Arcs\s*$/.exec(text);
    if (list) {
      this.#annotated = list[1] === "A";
      return "taken";
    }
    if (this.#annotated !== null) return this.#arc(line, text, this.#annotated) ? "taken" : "foreign";
    return /^-+\s*$/.test(text) || this.#count(line, text, this.of) ? "taken" : "foreign";
  }

  #count({ place }: Line, text: string, of: AnnotationCount["of"]): boolean {
    const cells = row.exec(text);
    if (!cells || (cells[1] === undefined && cells[2] === undefined)) return false;
    const [annotated, notAnnotated] = [Number(cells[3]), Number(cells[4])];
    const total = cells[2] === undefined ? null : Number(cells[2]);
    this.emit({ kind: "annotation", of, arcs: cells[1] ?? "total", total, annotated, notAnnotated, ...place });
    return true;
  }

  #arc({ place }: Line, text: string, annotated: boolean): boolean {
    const role = text.slice(1, 1 + roleWidth).trim();
    const ends = /^(\S+)(?: -> (\S+))?(?: (\S.*?))?\s*$/.exec(text.slice(2 + roleWidth));
    if (!/^ \S/.test(text) || text[1 + roleWidth] !== " " || !ends) return false;
    const [from, to = null, condition = null] = ends.slice(1) as [string, string?, string?];
    this.emit({ kind: "annotated-arc", annotated, role, from, to, condition, ...place });
    return true;
  }
}
