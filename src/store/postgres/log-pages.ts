import type { EventFilter } from "../event-store.js";
import { eventColumns } from "./event-rows.js";
import type { Place } from "./place.js";

/** Rows a page: chunk rows may hold a mebibyte each. */
export const pageRows = 1000;
export const payloadPageRows = 8;

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

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

/** One page of the log in its order; `below` is SQL for the transaction before which it ends. */
export function logPage(schema: string, { after, direction, filter, rows }: LogPage, below: string): Statement {
  const backwards = direction === "backwards";
  const { streamPrefixes = null, types = null, payload = false } = filter;
  const order = backwards ? "DESC" : "ASC";
  return {
    text: `SELECT ${eventColumns(schema, !backwards && takesAll(filter))} FROM ${schema}.events e
      WHERE ${payload ? "" : "NOT e.payload AND"} (e.xid, e.position) ${backwards ? "<" : ">"} ($1::xid8, $2::bigint)
        AND e.xid < ${below}
        AND ($3::text[] IS NULL OR e.type = ANY ($3))
        AND ($4::text[] IS NULL OR EXISTS (SELECT FROM unnest($4::text[]) AS p (prefix) WHERE starts_with(e.stream, prefix)))
      ORDER BY e.xid ${order}, e.position ${order} LIMIT $5`,
    values: [after.xid, after.position, types, streamPrefixes, rows],
  };
}

/** One page of a stream, from a revision. */
export function streamPage(
  schema: string,
  {
    stream,
    from,
    direction,
    rows,
  }: { stream: string; from: number; direction: "forwards" | "backwards"; rows: number },
): Statement {
  const [compare, order] = direction === "backwards" ? ["<=", "DESC"] : [">=", "ASC"];
  return {
    text: `SELECT ${eventColumns(schema, false)} FROM ${schema}.events e
      WHERE e.stream = $1 AND e.revision ${compare} $2::bigint ORDER BY e.revision ${order} LIMIT $3`,
    values: [stream, from, rows],
  };
}
