import type { PathType, TimingPath } from "../opensta/report-records.js";
import { readPinSlacks } from "../opensta/pin-table.js";
import { ReportScanner } from "../opensta/report-scanner.js";
import type { TimingSummary } from "../../schemas/timing-summary.js";
import { type ConstraintDiff, diffConstraints } from "../timing/constraint-diff.js";
import { decimalNumber, rescale } from "../timing/decimal.js";
import { EndpointCollector, EndpointSlacks } from "../timing/endpoint-slacks.js";
import { type ListedEndpoint, listEndpoints } from "../timing/endpoint-list.js";
import { type SlackSplit, splitSlackChange } from "../timing/slack-split.js";
import type { StageReader } from "../timing/stage-reader.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import type { Ledger } from "./ledger.js";
import { type CommittedRow, filesOf, findStage, openStage } from "./stage-access.js";

/** One endpoint on both sides, slacks in the report's unit. */
export interface EndpointChange {
  readonly endpoint: string;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** Where the change of its worst path comes from, where both stages captured that path. */
  readonly split: SlackSplit | null;
}

export interface GroupChange {
  readonly group: string;
  readonly wns: readonly [number | null, number | null];
  readonly tns: readonly [number | null, number | null];
  readonly violations: readonly [number, number];
}

/** Setup or hold of one corner, compared. */
export interface TypeDiff {
  readonly corner: string | null;
  readonly type: PathType;
  readonly wns: readonly [number | null, number | null];
  readonly tns: readonly [number | null, number | null];
  readonly violations: readonly [number, number];
  /** Counts over the endpoints that both stages show. */
  readonly both: number;
  readonly worse: number;
  readonly better: number;
  readonly unchanged: number;
  readonly beganToViolate: number;
  readonly mended: number;
  /** Endpoints of the later stage alone. */
  readonly appeared: number;
  /** Of the earlier stage alone, and the later pin table shows INF; their sum of negative slacks before. */
  readonly noLongerConstrained: number;
  readonly noLongerConstrainedViolating: number;
  readonly noLongerConstrainedTns: number;
  /** Of the earlier stage alone, and nothing says why: never "fixed". */
  readonly notObserved: number;
  /** The one path group that was compared; null: all. */
  readonly group: string | null;
  readonly groups: readonly GroupChange[];
  /** The endpoints whose slack fell most, worst first. */
  readonly worst: readonly EndpointChange[];
  /** Endpoint by endpoint, as asked for by `list`. */
  readonly endpoints: readonly ListedEndpoint[];
  /** The files that were compared, and the digits that both have. */
  readonly sources: readonly [string, string];
  /** The files that WNS and TNS of all groups come from. */
  readonly figureSources: readonly [string | null, string | null];
  readonly pinTable: string | null;
  readonly digits: number;
}

export interface StageDiff {
  readonly ok: true;
  readonly design: string;
  readonly from: string;
  readonly to: string;
  readonly types: readonly TypeDiff[];
  readonly constraints: (ConstraintDiff & { readonly source: string }) | null;
}

export interface DiffOptions {
  readonly type?: PathType | undefined;
  readonly group?: string | undefined;
  /** How many of the worst changes are told, with their parts. */
  readonly limit?: number;
  /** Whether the worst are those that fell most (default), or those that stand worst now. */
  readonly order?: "change" | "slack";
  /** Which endpoints are listed: none (default), those that began to violate or were mended, or all that changed. */
  readonly list?: "none" | "crossed" | "all";
}

/** What changed between two stages: figures, endpoints, constraints. */
export async function diffStages(
  ledger: Ledger,
  from: string,
  to: string,
  options: DiffOptions = {},
): Promise<StageDiff | Refusal> {
  const one = await findStage(ledger, from);
  if (!one.ok) return one;
  const other = await findStage(ledger, to);
  if (!other.ok) return other;
  const units = [one.row.seal.unit, other.row.seal.unit];
  if (units[0] !== null && units[1] !== null && units[0] !== units[1])
    return refuse(
      "invalid",
      `${from} is in ${units[0]}, ${to} in ${units[1]}`,
      "Slacks in different units are not compared.",
    );
  const before = await sideOf(ledger, one.row);
  const after = await sideOf(ledger, other.row);
  const types: TypeDiff[] = [];
  for (const summary of before.row.seal.summary) {
    const partner = after.row.seal.summary.find((each) => each.type === summary.type && each.corner === summary.corner);
    if (!partner || !summary.source || !partner.source || (options.type && summary.type !== options.type)) continue;
    types.push(await diffType(before, after, summary, partner, options));
  }
  if (options.group !== undefined && types.every((each) => each.groups.length === 0))
    return refuse(
      "not-found",
      `neither stage has endpoints in the group "${options.group}"`,
      `\`ckpt diff ${from} ${to}\` lists the groups.`,
    );
  return { ok: true, design: one.row.design, from, to, types, constraints: await diffSdc(before, after) };
}

interface Side {
  readonly row: CommittedRow;
  readonly reader: StageReader;
  readonly files: Awaited<ReturnType<typeof filesOf>>;
}

async function sideOf(ledger: Ledger, row: CommittedRow): Promise<Side> {
  return { row, reader: await openStage(ledger, row), files: await filesOf(ledger, row) };
}

/** Changes that are told with their parts, unless asked otherwise. */
const worstDefault = 10;

async function diffType(
  before: Side,
  after: Side,
  old: TimingSummary,
  now: TimingSummary,
  options: DiffOptions,
): Promise<TypeDiff> {
  const { corner, type } = old;
  const [a, b] = [await readSlacks(before, old, options.group), await readSlacks(after, now, options.group)];
  const digits = Math.min(a.digits, b.digits);
  const [olds, news] = [scaled(a.slacks, a.digits, digits), scaled(b.slacks, b.digits, digits)];
  const gone = [...olds].filter(([pin]) => !news.has(pin));
  const pins = after.files.find((file) => file.kind === "pins");
  const table =
    pins && gone.length > 0
      ? await readPinSlacks(after.reader.stream(pins.name), new Set(gone.map(([pin]) => pin)))
      : new Map();
  const unconstrained = gone.filter(([pin]) => table.get(pin)?.[type] === "INF" || b.unconstrained.has(pin));
  const lost = unconstrained.filter(([, units]) => units < 0);
  const changes = [...olds].flatMap(([pin, was]) => {
    const is = news.get(pin);
    return is === undefined ? [] : [{ pin, was, is }];
  });
  const worst = changes
    .filter(({ was, is }) => is < was)
    .toSorted(
      (x, y) =>
        (options.order === "slack" ? 0 : x.is - x.was - (y.is - y.was)) || x.is - y.is || x.pin.localeCompare(y.pin),
    )
    .slice(0, options.limit ?? worstDefault);
  const splits = await splitsOf(before, after, type, corner, new Set(worst.map(({ pin }) => pin)));
  const number = (units: number) => decimalNumber(units, digits);
  const listed =
    (options.list ?? "none") === "none"
      ? []
      : listEndpoints(olds, news, new Set(unconstrained.map(([pin]) => pin)), number);
  return {
    corner,
    type,
    wns: [old.wns, now.wns],
    tns: [old.tns, now.tns],
    violations: [old.violations!, now.violations!],
    both: changes.length,
    worse: changes.filter(({ was, is }) => is < was).length,
    better: changes.filter(({ was, is }) => is > was).length,
    unchanged: changes.filter(({ was, is }) => is === was).length,
    beganToViolate: changes.filter(({ was, is }) => was >= 0 && is < 0).length,
    mended: changes.filter(({ was, is }) => was < 0 && is >= 0).length,
    appeared: [...news.keys()].filter((pin) => !olds.has(pin)).length,
    noLongerConstrained: unconstrained.length,
    noLongerConstrainedViolating: lost.length,
    noLongerConstrainedTns: number(lost.reduce((sum, [, units]) => sum + units, 0)),
    notObserved: gone.length - unconstrained.length,
    group: options.group ?? null,
    groups: groupChanges(old, now).filter(({ group }) => options.group === undefined || group === options.group),
    worst: worst.map(({ pin, was, is }) => ({
      endpoint: pin,
      before: number(was),
      after: number(is),
      change: number(is - was),
      split: splits.get(pin) ?? null,
    })),
    endpoints: options.list === "crossed" ? listed.filter(({ crossed }) => crossed !== null) : listed,
    sources: [old.source!, now.source!],
    figureSources: [old.wnsFigures[0]?.source ?? null, now.wnsFigures[0]?.source ?? null],
    pinTable: pins?.name ?? null,
    digits,
  };
}

function groupChanges(old: TimingSummary, now: TimingSummary): GroupChange[] {
  const names = [...new Set([...old.groups, ...now.groups].map((each) => each.group))];
  return names.toSorted().map((group) => {
    const [a, b] = [old, now].map((side) => side.groups.find((each) => each.group === group));
    return {
      group,
      wns: [a?.wns ?? null, b?.wns ?? null],
      tns: [a?.tns ?? null, b?.tns ?? null],
      violations: [a?.violations ?? 0, b?.violations ?? 0],
    };
  });
}

/** The endpoints of one side by name; slacks in units of 10^-digits. */
interface NamedSlacks {
  readonly slacks: ReadonlyMap<string, number>;
  readonly unconstrained: ReadonlySet<string>;
  readonly digits: number;
}

/** What the summary was made of, read again: of one path group, or the worst of all. */
async function readSlacks(
  { reader, files }: Side,
  { source, corner, type }: TimingSummary,
  group: string | undefined,
): Promise<NamedSlacks> {
  const file = files.find((each) => each.name === source);
  const named = file?.context?.["corner"];
  const collector = new EndpointCollector(typeof named === "string" ? named : corner);
  const scanner = new ReportScanner({
    paths: (batch) => collector.addPaths(batch),
    pathRows: false,
    endpoints: (batch) => collector.addEndpoints(batch),
  });
  try {
    await scanner.readAll(reader.stream(source!));
    const series =
      collector.series().find((each) => each.type === type && each.corner === corner) ??
      new EndpointSlacks(corner, type);
    const { pins } = scanner.batch.names;
    const { unconstrained, digits } = series;
    const slacks = group === undefined ? series.worst() : series.group(group);
    return { slacks: slacks.byName(pins), unconstrained: new Set(unconstrained.byName(pins).keys()), digits };
  } finally {
    scanner.close();
  }
}

function scaled(slacks: ReadonlyMap<string, number>, from: number, to: number): ReadonlyMap<string, number> {
  return from === to ? slacks : new Map([...slacks].map(([pin, units]) => [pin, rescale(units, from, to)]));
}

/** The worst path of each wanted endpoint in both stages, from a file of paths that both captured. */
async function splitsOf(
  before: Side,
  after: Side,
  type: PathType,
  corner: string | null,
  wanted: ReadonlySet<string>,
): Promise<Map<string, SlackSplit>> {
  const shared = before.files.filter(
    (file) => file.kind === "paths" && after.files.some((other) => other.name === file.name && other.kind === "paths"),
  );
  const splits = new Map<string, SlackSplit>();
  for (const { name } of shared) {
    const missing = new Set([...wanted].filter((pin) => !splits.has(pin)));
    if (missing.size === 0) break;
    const olds = await worstPaths(before.reader, name, type, corner, missing);
    if (olds.size === 0) continue;
    const news = await worstPaths(after.reader, name, type, corner, missing);
    for (const [pin, old] of olds) {
      const now = news.get(pin);
      const split = now && splitSlackChange(old, now);
      if (split) splits.set(pin, split);
    }
  }
  return splits;
}

/** The path with the worst slack to each wanted end pin. */
async function worstPaths(
  reader: StageReader,
  file: string,
  type: PathType,
  corner: string | null,
  wanted: ReadonlySet<string>,
): Promise<Map<string, TimingPath>> {
  const worst = new Map<string, TimingPath>();
  const scanner = new ReportScanner({
    paths: (batch) => {
      for (let index = 0; index < batch.count; index++) {
        const pin = batch.endPin[index]!;
        if (pin < 0 || batch.names.others.text(batch.type[index]!) !== type) continue;
        const name = batch.names.pins.text(pin);
        if (!wanted.has(name)) continue;
        const path = batch.path(index);
        const known = worst.get(name);
        const mine = typeof path.slack === "number" ? path.slack : Infinity;
        if (path.corner !== null && path.corner !== corner) continue;
        if (!known || (typeof known.slack === "number" && mine < known.slack)) worst.set(name, path);
      }
    },
  });
  await scanner.readAll(reader.stream(file)).finally(() => scanner.close());
  return worst;
}

/** Constraint files larger than this are not compared. */
const sdcBytesMax = 64 * 1024 * 1024;

async function diffSdc(before: Side, after: Side): Promise<StageDiff["constraints"]> {
  const file = after.files.find(
    (each) => each.kind === "sdc" && before.files.some((other) => other.name === each.name),
  );
  if (!file || file.rawBytes > sdcBytesMax) return null;
  const [old, now] = [await textOf(before.reader, file.name), await textOf(after.reader, file.name)];
  return { ...diffConstraints(old, now), source: file.name };
}

async function textOf(reader: StageReader, file: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const bytes of reader.stream(file)) parts.push(bytes);
  return Buffer.concat(parts).toString("utf8");
}
