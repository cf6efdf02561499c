/**
 * report_parasitic_annotation (3.1.0), with -report_unannotated the drivers and below each the loads:
 *
 *     Found 4510 unannotated drivers.
 *      u_div_buf/Y
 *     Found 0 partially unannotated drivers.
 *
 * report_activity_annotation (3.1.0):
 *
 *     vcd              12
 *     unannotated   15162
 */
import type { Line } from "../line.js";
import type { AnnotationTotal } from "../records/annotation.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const annotationTotals: ReportFormat = {
  name: "annotation-totals",
  initials: "Fuvs",
  open(line, emit) {
    if (line.to - line.from > 80) return null;
    if (!(
      line.startsWith("Found ") ||
      line.startsWith("unannotated ") ||
      line.startsWith("vcd ") ||
      line.startsWith("saif ")
    ))
      return null;
    const reader = new AnnotationTotalsReader(emit);
    return reader.take(line) === "taken" ? reader : null;
  },
};

const drivers = /^Found (\d+) ((?:partially )?unannotated) drivers\.\s*$/;
const activities = /^(vcd|saif|input|unannotated) +(\d+)\s*$/;

class AnnotationTotalsReader implements SectionReader {
  #list: Pick<AnnotationTotal, "of" | "origin"> | null = null;
  #driver: string | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text, place } = line;
    const found = drivers.exec(text);
    const activity = found ? null : activities.exec(text);
    if (found || activity) {
      const of = found ? "parasitics" : "activity";
      const [origin, pins] = found ? [found[2]!, found[1]!] : [activity![1]!, activity![2]!];
      this.#list = { of, origin };
      this.#driver = null;
      this.emit({ kind: "annotation-total", of, origin, pins: Number(pins), ...place });
      return "taken";
    }
    const pin = /^ {1,2}(\S+)\s*$/.exec(text)?.[1];
    if (!this.#list || pin === undefined) return "foreign";
    const isLoad = text.startsWith("  ") && this.#driver !== null;
    if (!isLoad) this.#driver = pin;
    const load = isLoad ? pin : null;
    this.emit({ kind: "annotation-pin", ...this.#list, pin: this.#driver!, load, ...place });
    return "taken";
  }
}
