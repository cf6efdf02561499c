import type { AppendRefusal, AppendRequest, AppendResult } from "../event-store.js";
import { expectations } from "./append-sql.js";
import { type Place, toPosition } from "./place.js";

/** One row of what the function `append` answers. */
export interface AppendRow {
  readonly outcome: "appended" | "repeated" | "id-conflict" | "wrong-revision";
  readonly revision: number | null;
  readonly xid: string | null;
  readonly position: string | null;
  readonly number: string | null;
  readonly id: string | null;
}

/** What cannot be stored here although the port allows it; null if nothing. */
export function refuseUnstorable({ events }: AppendRequest): AppendRefusal | null {
  const odd = events.find(
    ({ data, metadata }) => metadata.includes("\0") || (typeof data === "string" && data.includes("\0")),
  );
  return odd
    ? {
        ok: false,
        code: "invalid-event",
        reason: `event ${odd.id} holds the character U+0000, which JSON writes as \\u0000 and PostgreSQL's text cannot keep`,
      }
    : null;
}

/** Appends in rounds, each to different streams, in the order in which they came: what one call of `append` takes. */
export function inRounds<Item extends { readonly request: AppendRequest }>(items: readonly Item[]): Item[][] {
  const rounds: Item[][] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    const round = seen.get(item.request.stream) ?? 0;
    seen.set(item.request.stream, round + 1);
    (rounds[round] ??= []).push(item);
  }
  return rounds;
}

/** The parameters of the function `append`: the bytes of all data and metadata travel as one binary value. */
export function appendValues(requests: readonly AppendRequest[]): unknown[] {
  const events = requests.flatMap((request) => request.events);
  const contents: Uint8Array[] = [];
  const starts: number[] = [];
  const sizes: number[] = [];
  const metadataSizes: number[] = [];
  let at = 1;
  for (const { data, metadata } of events) {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    const about = Buffer.from(metadata);
    contents.push(bytes, about);
    starts.push(at);
    sizes.push(bytes.length);
    metadataSizes.push(about.length);
    at += bytes.length + about.length;
  }
  return [
    requests.map(({ stream }) => stream),
    requests.map(({ expected }) => (typeof expected === "number" ? expected : expectations[expected])),
    requests.map((request) => request.events.length),
    requests.flatMap((request, index) => request.events.map(() => index + 1)),
    requests.flatMap((request) => request.events.map((_, rank) => rank)),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ data }) => typeof data !== "string"),
    starts,
    sizes,
    metadataSizes,
    Buffer.concat(contents),
  ];
}

/** The parameters of the function `append_one`; null if the append is not one event at a revision that is told. */
export function appendOneValues({ stream, expected, events }: AppendRequest): unknown[] | null {
  const [event] = events;
  if (events.length !== 1 || !event || expected === "any" || expected === "stream_exists") return null;
  const { id, type, data, metadata } = event;
  const [json, bytes] = typeof data === "string" ? [data, null] : [null, data];
  return [stream, expected === "no_stream" ? expectations.no_stream : expected, id, type, json, bytes, metadata];
}

/** The port's answer to one append; its number is known if all older transactions had ended by then. */
export function toAppendResult(row: AppendRow, { expected }: AppendRequest): AppendResult {
  const { outcome, revision, id, number } = row;
  switch (outcome) {
    case "wrong-revision":
      return { ok: false, code: outcome, expected, actual: revision };
    case "id-conflict":
      return { ok: false, code: outcome, id: id! };
    case "appended":
    case "repeated":
      return {
        ok: true,
        revision: revision!,
        position: toPosition(row as Place),
        number: number === null ? null : Number(number),
        repeated: outcome === "repeated",
      };
    default:
      return outcome satisfies never;
  }
}
