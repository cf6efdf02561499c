import type { SlackHistogram, TimingFigureSource, TimingSummary } from "../../schemas/timing-summary.js";
import type { PathType, TimingFigure } from "../opensta/report-records.js";
import { decimalNumber, decimalText } from "./decimal.js";
import type { EndpointSlacks } from "./endpoint-slacks.js";

/** What one captured file says of the stage's timing. */
export interface FileTiming {
  readonly file: string;
  readonly kind: "endpoints" | "paths" | "figures" | "other";
  /** What the user said of a report that does not name its corner. */
  readonly corner: string | null;
  readonly series: readonly EndpointSlacks[];
  readonly figures: readonly TimingFigure[];
}

/** Groups that a summary lists, worst first; the others are counted. */
const groupsMax = 40;

const histogramBins = 20;

/**
 * The summary of a stage, per corner and type. WNS and TNS are the tool's own where it printed them; else they are added
 * up from the report with the most digits, end reports before full ones.
 */
export function summarize(files: readonly FileTiming[]): TimingSummary[] {
  const keys = new Map<string, { corner: string | null; type: PathType }>();
  for (const { series, figures, corner } of files) {
    for (const each of series) keys.set(`${each.type} ${each.corner}`, each);
    // 2.0.17 does not say which: its report_wns and report_tns are of setup unless asked otherwise.
    for (const figure of figures) keys.set(`${figure.type ?? "max"} ${corner}`, { corner, type: figure.type ?? "max" });
  }
  return [...keys.values()]
    .map(({ corner, type }) => summarizeOne(files, corner, type))
    .toSorted((a, b) => (a.corner ?? "").localeCompare(b.corner ?? "") || a.type.localeCompare(b.type));
}

/** The file and series that endpoints of this corner and type are counted in. */
export function bestSeries(
  files: readonly FileTiming[],
  corner: string | null,
  type: PathType,
): { readonly file: string; readonly slacks: EndpointSlacks } | null {
  const candidates = files.flatMap(({ file, kind, series }) =>
    series
      .filter((each) => each.corner === corner && each.type === type)
      .map((slacks) => ({ file, slacks, rank: slacks.digits * 2 + (kind === "endpoints" ? 1 : 0) })),
  );
  return candidates.reduce<(typeof candidates)[number] | null>(
    (best, each) => (best === null || each.rank > best.rank ? each : best),
    null,
  );
}

function summarizeOne(files: readonly FileTiming[], corner: string | null, type: PathType): TimingSummary {
  const best = bestSeries(files, corner, type);
  const digits = best?.slacks.digits ?? 0;
  const worst = best?.slacks.worst().units ?? new Float64Array();
  const totals = totalsOf(worst);
  const computed = (units: number): TimingFigureSource[] =>
    best && worst.length > 0
      ? [
          {
            value: decimalNumber(units, digits),
            text: decimalText(units, digits),
            source: best.file,
            digits,
            how: "computed",
          },
        ]
      : [];
  const wnsFigures = [...printedFigures(files, "wns", corner, type), ...computed(Math.min(0, totals.worst))].slice(
    0,
    4,
  );
  const tnsFigures = [...printedFigures(files, "tns", corner, type), ...computed(totals.tns)].slice(0, 4);
  const groups = best ? groupsOf(best.slacks) : [];
  return {
    corner,
    type,
    wns: wnsFigures[0]?.value ?? null,
    tns: tnsFigures[0]?.value ?? null,
    worstSlack: worst.length > 0 ? decimalNumber(totals.worst, digits) : null,
    endpoints: best ? worst.length : null,
    violations: best ? totals.violations : null,
    unconstrained: best?.slacks.unconstrained.size ?? null,
    source: best?.file ?? null,
    wnsFigures,
    tnsFigures,
    groups: groups.slice(0, groupsMax),
    ...(groups.length > groupsMax ? { groupsOmitted: groups.length - groupsMax } : {}),
    histogram: best && worst.length > 0 ? histogramOf(worst, digits, best.file) : null,
  };
}

/** The tool's own prints, the one with the most digits first. */
function printedFigures(
  files: readonly FileTiming[],
  name: "wns" | "tns",
  corner: string | null,
  type: PathType,
): TimingFigureSource[] {
  return files
    .filter((file) => file.corner === corner)
    .flatMap(({ file, figures }) =>
      figures.flatMap((figure): TimingFigureSource[] => {
        const { value } = figure;
        if (figure.name !== name || (figure.type ?? "max") !== type || typeof value === "string") return [];
        const { units, digits } = value;
        return [
          {
            value: decimalNumber(units, digits),
            text: decimalText(units, digits),
            source: file,
            digits,
            how: "printed",
          },
        ];
      }),
    )
    .toSorted((a, b) => b.digits - a.digits)
    .filter((figure, index, all) => all.findIndex((other) => other.digits === figure.digits) === index);
}

function groupsOf(slacks: EndpointSlacks): TimingSummary["groups"] {
  return slacks
    .groups()
    .map(([group, endpoints]) => {
      const { worst, tns, violations } = totalsOf(endpoints.units);
      const { digits } = slacks;
      return {
        group,
        wns: decimalNumber(Math.min(0, worst), digits),
        tns: decimalNumber(tns, digits),
        endpoints: endpoints.size,
        violations,
      };
    })
    .toSorted((a, b) => a.wns - b.wns || a.tns - b.tns || a.group.localeCompare(b.group));
}

function totalsOf(slacks: Float64Array): { worst: number; tns: number; violations: number } {
  let worst = Infinity;
  let tns = 0;
  let violations = 0;
  for (const units of slacks) {
    if (units < worst) worst = units;
    if (units >= 0) continue;
    tns += units;
    violations++;
  }
  return { worst, tns, violations };
}

function histogramOf(slacks: Float64Array, digits: number, source: string): SlackHistogram {
  let least = Infinity;
  let most = -Infinity;
  for (const units of slacks) {
    if (units < least) least = units;
    if (units > most) most = units;
  }
  const width = roundUp(Math.max(1, (most - least + 1) / histogramBins));
  const from = Math.floor(least / width) * width;
  const counts = Array.from({ length: Math.floor((most - from) / width) + 1 }, () => 0);
  for (const units of slacks) counts[Math.floor((units - from) / width)]!++;
  return { from: decimalNumber(from, digits), width: decimalNumber(width, digits), counts, how: "computed", source };
}

/** 1, 2 or 5 times a power of ten, not less than the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= value) ?? 10 * power;
}
