import { escapeLiteral } from "pg";
import { isPayloadStream } from "../append-validation.js";
import type { EventFilter } from "../event-store.js";
import { eventColumns } from "./event-rows.js";
import type { Place } from "./place.js";

/** Rows a page: chunk rows may hold a mebibyte each. */
export const pageRows = 1000;
export const payloadPageRows = 8;

export interface LogPage {
  readonly after: Place;
  readonly direction: "forwards" | "backwards";
  readonly filter: EventFilter;
  readonly rows: number;
}

/** Whether a reader that takes every chained event can count their numbers by itself. */
export function takesAll({ streamPrefixes, types }: EventFilter): boolean {
  return streamPrefixes === undefined && types === undefined;
}

/** One page of the log in its order; it ends before the transaction `below`. */
export function logPage(schema: string, { after, direction, filter, rows }: LogPage, below: string): string {
  const backwards = direction === "backwards";
  const { streamPrefixes, types, payload = false } = filter;
  const order = backwards ? "DESC" : "ASC";
  return `SELECT ${eventColumns(schema, { counted: !backwards && takesAll(filter), settled: true })} FROM ${schema}.events e
    WHERE ${payload ? "" : "NOT e.payload AND"} (e.xid, e.position) ${backwards ? "<" : ">"} ${placeSql(after)}
      AND e.xid < '${below}'::xid8
      ${types ? `AND e.type = ANY (${texts(types)})` : ""}
      ${streamPrefixes ? `AND EXISTS (SELECT FROM unnest(${texts(streamPrefixes)}) AS p (prefix) WHERE starts_with(e.stream, prefix))` : ""}
    ORDER BY e.xid ${order}, e.position ${order} LIMIT ${integer(rows)}`;
}

export interface StreamPage {
  readonly stream: string;
  readonly from: number;
  readonly direction: "forwards" | "backwards";
  readonly rows: number;
}

/** One page of a stream, from a revision. */
export function streamPage(schema: string, { stream, from, direction, rows }: StreamPage): string {
  const [compare, order] = direction === "backwards" ? ["<=", "DESC"] : [">=", "ASC"];
  return `SELECT ${eventColumns(schema, { counted: false, settled: !isPayloadStream(stream) })} FROM ${schema}.events e
    WHERE e.stream = ${text(stream)} AND e.revision ${compare} ${integer(from)}
    ORDER BY e.revision ${order} LIMIT ${integer(rows)}`;
}

function placeSql({ xid, position }: Place): string {
  return `('${xid}'::xid8, ${position}::bigint)`;
}

function texts(values: readonly string[]): string {
  return `ARRAY[${values.map(text).join(", ")}]::text[]`;
}

/** NULL, which nothing equals, for what no text of this engine can be. */
function text(value: string): string {
  return value.includes("\0") ? "NULL" : escapeLiteral(value);
}

/** @throws RangeError for what a caller without types has brought. */
function integer(value: number): number {
  if (!Number.isInteger(value)) throw new RangeError(`${String(value)} is no whole number`);
  return value;
}
