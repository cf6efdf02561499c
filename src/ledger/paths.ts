import { type Refusal, refuse } from "../domain/refusal.js";
import type { PathColumns } from "../opensta/path-columns.js";
import type { TimingPath } from "../opensta/report-records.js";
import type { PathSelection } from "../timing/path-blocks/path-selection.js";
import { CapturedPaths, type PathProgress, StageText } from "./captured-paths.js";
import type { Ledger } from "./ledger.js";
import { filesOf, findStage } from "./stage-access.js";

export interface PathQuery extends PathSelection {
  /** Only this captured report. */
  readonly file?: string | undefined;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface PathReading {
  /** Told while a report is read for the first time. */
  readonly onProgress?: (progress: PathProgress) => void;
}

export interface PathPage {
  readonly ok: true;
  readonly paths: readonly (TimingPath & { readonly file: string })[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

/**
 * The captured paths of a stage that meet the filter, in the order of the reports; a page at a time. The first call
 * reads the reports' text and fills the cache; from then on a page costs what it holds.
 * @example const page = await findPaths(ledger, "lane@cts", { endpoint: "u_lane/_1996_/D", limit: 20 });
 */
export async function findPaths(
  ledger: Ledger,
  reference: string,
  query: PathQuery,
  { onProgress }: PathReading = {},
): Promise<PathPage | Refusal> {
  const found = await reportsOf(ledger, reference, query.file, onProgress);
  if (!found.ok) return found;
  const cursor = /^(\d+):(\d+)$/.exec(query.cursor ?? "0:0");
  if (!cursor) return refuse("invalid", `"${query.cursor}" is no cursor`, "Use `next` of the page before.");
  const [fileAt, pathAt] = [Number(cursor[1]), Number(cursor[2])];
  const paths: (TimingPath & { file: string })[] = [];
  for (const [index, { file, captured }] of found.reports.entries()) {
    if (index < fileAt) continue;
    for await (const { first, columns, indices } of captured.select(query, index === fileAt ? pathAt : 0))
      for (const at of indices) {
        if (paths.length === query.limit) return { ok: true, paths, next: `${index}:${first + at}` };
        paths.push({ ...columns.path(at), file });
      }
  }
  return { ok: true, paths, next: null };
}

/** Some paths of one report as typed columns. */
export interface ColumnBatch {
  readonly file: string;
  /** Ordinal in the report of the columns' first path, from 0. */
  readonly first: number;
  /** To be read only, and good until the next batch is asked for. */
  readonly columns: PathColumns;
  /** Which of the columns' paths meet the filter, ascending. */
  readonly indices: readonly number[];
}

export interface CapturedColumns {
  readonly ok: true;
  readonly batches: AsyncGenerator<ColumnBatch>;
}

/**
 * The captured paths of a stage as typed columns, some hundred at a time, in the order of the reports: no text is
 * rendered and no object is made. Batches without a path that meets the filter are left out.
 * @throws BlockDamagedError while it is read, if the stage is damaged.
 * @example
 * const read = await readColumns(ledger, "lane@cts", { slackMax: 0 });
 * if (read.ok) for await (const { columns, indices } of read.batches) for (const at of indices) use(columns.slack[at], columns.path(at));
 */
export async function readColumns(
  ledger: Ledger,
  reference: string,
  query: Omit<PathQuery, "limit" | "cursor"> = {},
  { onProgress }: PathReading = {},
): Promise<CapturedColumns | Refusal> {
  const found = await reportsOf(ledger, reference, query.file, onProgress);
  if (!found.ok) return found;
  const batches = async function* (): AsyncGenerator<ColumnBatch> {
    for (const { file, captured } of found.reports)
      for await (const selected of captured.select(query)) yield { file, ...selected };
  };
  return { ok: true, batches: batches() };
}

interface PathReports {
  readonly ok: true;
  readonly reports: readonly { readonly file: string; readonly captured: CapturedPaths }[];
}

/** The stage's reports of paths, or the one of this name. */
async function reportsOf(
  ledger: Ledger,
  reference: string,
  name: string | undefined,
  onProgress: PathReading["onProgress"],
): Promise<PathReports | Refusal> {
  const found = await findStage(ledger, reference);
  if (!found.ok) return found;
  const files = (await filesOf(ledger, found.row)).filter(
    (file) => file.kind === "paths" && (name === undefined || file.name === name),
  );
  if (files.length === 0)
    return refuse(
      "not-found",
      `${reference} has no report of paths${name === undefined ? "" : ` called "${name}"`}`,
      `\`ckpt show ${reference}\` lists its files.`,
    );
  const text = new StageText(ledger, found.row, onProgress);
  const reports = files.map((file) => ({ file: file.name, captured: new CapturedPaths(ledger.cache, text, file) }));
  return { ok: true, reports };
}
