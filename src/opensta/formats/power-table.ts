/**
 * report_power; 3.1.0 adds `(Watts)` and the row Clock:
 *
 *     Group                  Internal  Switching    Leakage      Total
 *                               Power      Power      Power      Power
 *     ----------------------------------------------------------------
 *     Sequential             5.12e-02   2.29e-03   1.41e-07   5.35e-02  70.5%
 *     ----------------------------------------------------------------
 *     Total                  6.61e-02   9.81e-03   4.11e-07   7.59e-02 100.0%
 *                               87.1%      12.9%       0.0%
 *
 * and with -instances:
 *
 *        Internal  Switching    Leakage      Total
 *           Power      Power      Power      Power (Watts)
 *     --------------------------------------------
 *        1.65e-05   1.90e-04   9.03e-11   2.06e-04 g_lane\[0\].u_lane.u_cg_and
 */
import { parseFigure, parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PowerRow } from "../records/power.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const powerTable: ReportFormat = {
  name: "power",
  initials: "G ",
  open(line, emit) {
    if (line.to - line.from > 200) return null;
    const title = /^(Group)? +Internal +Switching +Leakage +Total\s*$/.exec(line.text);
    return title && new PowerReader(title[1] ? "group" : "instance", emit);
  },
};

const number = String.raw` +(-?[\d.]+e[-+]\d+|-?nan|-?inf)`;
const groupRow = new RegExp(String.raw`^(\S.*?)${number.repeat(4)} +(-?[\d.]+|-?nan|-?inf)%\s*$`, "i");
const instanceRow = new RegExp(`^${number.repeat(4)} (\\S+)\\s*$`, "i");
const shares = /^ +([\d.]+)% +([\d.]+)% +([\d.]+)%\s*$/;

class PowerReader implements SectionReader {
  constructor(
    private readonly scope: PowerRow["scope"],
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    if (/^-+\s*$|^ +Power +Power +Power +Power(?: \(\w+\))?\s*$/.test(text)) return "taken";
    return this.#row(line, text) || this.#shares(line, text) ? "taken" : "foreign";
  }

  #row({ place }: Line, text: string): boolean {
    const { scope } = this;
    const cells = (scope === "group" ? groupRow : instanceRow).exec(text);
    if (!cells) return false;
    const [name, ...numbers] = scope === "group" ? cells.slice(1) : [cells[5]!, ...cells.slice(1, 5)];
    const [internal = null, switching = null, leakage = null, total = null, share = null] = numbers.map(parseFigure);
    this.emit({
      kind: "power",
      scope,
      name: instanceName(name!),
      internal,
      switching,
      leakage,
      total,
      share,
      ...place,
    });
    return true;
  }

  #shares({ place }: Line, text: string): boolean {
    const figures = parseFigures((shares.exec(text) ?? []).slice(1));
    if (!figures || figures.length < 3) return false;
    const [internal, switching, leakage] = figures as [PrintedFigure, PrintedFigure, PrintedFigure];
    this.emit({ kind: "power-shares", internal, switching, leakage, ...place });
    return true;
  }
}

/** 3.1.0 escapes the brackets of names here, and only here. */
export function instanceName(printed: string): string {
  return printed.replaceAll(/\\([[\]])/g, "$1");
}
