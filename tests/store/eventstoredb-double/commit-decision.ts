import type { EventLog, Expected, Proposed, Written } from "./event-log.js";

/**
 * Whether the server writes an append: null if so. As EventStoreDB 23.10 decides (IndexWriter.CheckCommit): ids alone
 * are compared, content never, and only where the expectation is not met or is none.
 */
export function commitDecision(
  log: EventLog,
  stream: string,
  expected: Expected,
  events: readonly Proposed[],
): Written | null {
  const own = log.streams.get(stream) ?? [];
  const current = own.length - 1;
  const wrong: Written = { kind: "wrong-version", current };
  if (expected === "stream_exists") {
    if (log.isSoftDeleted(stream)) return { kind: "deleted" };
    if (current < 0 && !log.streams.has(`$$${stream}`)) return wrong;
  }
  if (expected === "any" || expected === "stream_exists") {
    const known = events.map(({ id }) => own.find((event) => event.id === id));
    if (!known[0]) return null;
    return known.every((event) => event !== undefined) ? already(log, stream, known.at(-1)!.revision) : wrong;
  }
  const after = expected === "no_stream" ? -1 : expected;
  if (after > current) return wrong;
  if (after === current) return null;
  for (const [index, { id }] of events.entries()) {
    if (own[after + 1 + index]?.id === id) continue;
    if (index === 0 && expected === "no_stream" && log.isSoftDeleted(stream)) return null;
    return wrong;
  }
  return already(log, stream, after + events.length);
}

/** The first result again; the position is known only if a reader would still see the event. */
function already(log: EventLog, stream: string, revision: number): Written {
  const event = log.visible(stream)?.find((each) => each.revision === revision);
  return { kind: "written", revision, position: event?.position ?? null };
}
