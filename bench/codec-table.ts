/** What the codec and its peers made of one stage's files, by kind and in all. */
import type { Figures } from "./bench.js";

/** One coder on one file. */
export interface FileResult {
  readonly stage: string;
  readonly coder: string;
  readonly kind: string;
  readonly rawBytes: number;
  /** null: it packs nothing, as the tokenizer. */
  readonly bytes: number | null;
  /** null: it is packed together with others, one of which bears the time of all. */
  readonly packSeconds: number | null;
  readonly unpackSeconds: number | null;
  readonly rssMb: number | null;
}

/** The sum of some results as one line. */
interface Line {
  readonly name: string;
  readonly ratio: number | null;
  readonly bytes: number | null;
  readonly packMbPerSecond: number | null;
  readonly unpackMbPerSecond: number | null;
  readonly peakRssMb: number | null;
}

export function codecFigures(results: readonly FileResult[], asNumbers: boolean): Figures {
  const figures: Figures = {};
  for (const line of linesOf(results)) {
    if (!asNumbers) {
      figures[line.name] = lineText(line);
      continue;
    }
    for (const key of ["bytes", "ratio", "packMbPerSecond", "unpackMbPerSecond", "peakRssMb"] as const) {
      const figure = line[key];
      if (figure !== null) figures[`${line.name.replaceAll(" ", ".")}.${key}`] = figure;
    }
  }
  return figures;
}

export const lineHeading = `${"bytes".padStart(13)}${"ratio".padStart(9)}${"pack MB/s".padStart(11)}${"unpack".padStart(9)}${"RSS MB".padStart(8)}`;

function* linesOf(results: readonly FileResult[]): Generator<Line> {
  for (const [stage, ofStage] of Map.groupBy(results, (result) => result.stage)) {
    const kinds = [...Map.groupBy(ofStage, (result) => result.kind)];
    const groups = kinds.length > 1 ? [...kinds, ["sum", ofStage] as const] : kinds;
    for (const [kind, ofKind] of groups)
      for (const [coder, some] of Map.groupBy(ofKind, (result) => result.coder))
        yield sumOf(`${stage} ${kind} ${coder}`, some);
  }
}

function sumOf(name: string, results: readonly FileResult[]): Line {
  const rawBytes = total(results.map((result) => result.rawBytes))!;
  const bytes = total(results.map((result) => result.bytes));
  return {
    name,
    bytes,
    ratio: bytes === null || bytes <= 0 || rawBytes === 0 ? null : rawBytes / bytes,
    packMbPerSecond: mbPerSecond(rawBytes, together(results.map((result) => result.packSeconds))),
    unpackMbPerSecond: mbPerSecond(rawBytes, total(results.map((result) => result.unpackSeconds))),
    peakRssMb: results.reduce<number | null>(
      (peak, { rssMb }) => (rssMb === null ? peak : Math.max(peak ?? 0, rssMb)),
      null,
    ),
  };
}

const mbPerSecond = (bytes: number, seconds: number | null): number | null =>
  bytes === 0 || seconds === null ? null : bytes / 1e6 / seconds;

/** null if one of them is not known. */
function total(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}

/** What is known of them; null if nothing is. */
function together(numbers: readonly (number | null)[]): number | null {
  return numbers.every((each) => each === null) ? null : total(numbers.map((each) => each ?? 0));
}

function lineText({ bytes, ratio, packMbPerSecond, unpackMbPerSecond, peakRssMb }: Line): string {
  const cell = (value: number | null, width: number, digits: number) =>
    (value === null
      ? "-"
      : value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    ).padStart(width);
  return [
    cell(bytes, 13, 0),
    cell(ratio, 9, 1),
    cell(packMbPerSecond, 11, 1),
    cell(unpackMbPerSecond, 9, 1),
    cell(peakRssMb, 8, 0),
  ].join("");
}
