import { rankSql } from "./tables.js";

/** Expected revisions as `append` takes them: a revision, or one of these. */
export const expectations = { no_stream: -1, any: -2, stream_exists: -3 } as const;

/**
 * The function `append`: a group of appends to different streams in one statement, which is one transaction. `streams`,
 * `expected` and `counts` have an element for each append; `owners` and what follows one for each event: which append it
 * is of (from 1), its rank in it (from 0), and where its data lies in `content`, its metadata right behind.
 *
 * It locks the streams before it has a transaction id, so an event's transaction never has a lower id than that of the
 * event before it in its stream. Each append is then decided by itself, by the rules of append-decision.ts. The number
 * is told if all older transactions have ended by then, else null: the caller asks again.
 */
export function appendSql(schema: string, markEvery: number): string {
  const sameContent = `e.type = k.type AND CASE WHEN e.is_binary
      THEN k.bytes = substring(content FROM e.start FOR e.size)
      ELSE k.data = convert_from(substring(content FROM e.start FOR e.size), 'UTF8') END`;
  const expects = (first: Record<keyof typeof expectations | "revision", string>) => `CASE a.wanted
      WHEN ${expectations.any} THEN ${first.any}
      WHEN ${expectations.no_stream} THEN ${first.no_stream}
      WHEN ${expectations.stream_exists} THEN ${first.stream_exists}
      ELSE ${first.revision} END`;
  const met = expects({
    any: "true",
    no_stream: "a.last IS NULL",
    stream_exists: "a.last IS NOT NULL",
    revision: "a.wanted IS NOT DISTINCT FROM a.last",
  });
  const wasMet = expects({
    any: "true",
    no_stream: "known.first = 0",
    stream_exists: "known.first > 0",
    revision: "a.wanted = known.first - 1",
  });
  return `CREATE FUNCTION ${schema}.append(
    streams text[], expected integer[], counts integer[],
    owners integer[], ranks integer[], ids uuid[], types text[], binary_data boolean[],
    starts integer[], sizes integer[], metadata_sizes integer[], content bytea
  ) RETURNS TABLE (outcome text, revision integer, xid xid8, "position" bigint, number bigint, id uuid)
  LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
  #variable_conflict use_column
  DECLARE
    some_known boolean;
    own xid8;
    settled boolean; -- all older transactions have ended
    before bigint;   -- number of the last chained event before this transaction
    added integer;
  BEGIN
    PERFORM ${schema}.lock_streams(streams);
    some_known := EXISTS (SELECT FROM ${schema}.events e WHERE e.id = ANY (ids));
    own := pg_current_xact_id();
    settled := pg_snapshot_xmin(pg_current_snapshot()) >= own;
    IF settled THEN before := ${rankSql(schema, "own", "0")}; END IF;
    RETURN QUERY
    WITH asked AS MATERIALIZED (
      SELECT s.*, greatest(
        (SELECT e.revision FROM ${schema}.events e WHERE e.stream = s.stream ORDER BY e.revision DESC LIMIT 1),
        (SELECT x.revision FROM ${schema}.erased x WHERE x.stream = s.stream)) AS last
      FROM unnest(streams, expected, counts) WITH ORDINALITY AS s (stream, wanted, count, n)
    ), event AS (
      SELECT * FROM unnest(owners, ranks, ids, types, binary_data, starts, sizes, metadata_sizes)
        WITH ORDINALITY AS e (owner, rank, id, type, is_binary, start, size, metadata_size, n)
    ), known AS (
      SELECT e.owner,
        min(k.revision) FILTER (WHERE e.rank = 0) AS first,
        bool_and(coalesce(k.stream = streams[e.owner] AND ${sameContent}, false))
          AND min(k.revision - e.rank) = max(k.revision - e.rank) AS same,
        (array_agg(e.id ORDER BY e.rank) FILTER (WHERE k.id IS NOT NULL))[1] AS id,
        (array_agg(k.xid ORDER BY e.rank DESC))[1] AS xid,
        (array_agg(k.position ORDER BY e.rank DESC))[1] AS position
      FROM event e LEFT JOIN ${schema}.events k ON k.id = e.id
      WHERE some_known GROUP BY e.owner HAVING count(k.id) > 0
    ), decided AS MATERIALIZED (
      SELECT a.n, a.stream, a.count, a.last, known.first, known.id, known.xid, known.position,
        CASE WHEN known.owner IS NULL THEN CASE WHEN ${met} THEN 'appended' ELSE 'wrong-revision' END
          WHEN known.same AND ${wasMet} THEN 'repeated' ELSE 'id-conflict' END AS outcome
      FROM asked a LEFT JOIN known ON known.owner = a.n
    ), written AS (
      INSERT INTO ${schema}.events (xid, stream, revision, id, payload, type, data, bytes, metadata)
      SELECT own, d.stream, coalesce(d.last, -1) + 1 + e.rank, e.id, starts_with(d.stream, 'chunks-'), e.type,
        CASE WHEN NOT e.is_binary THEN convert_from(substring(content FROM e.start FOR e.size), 'UTF8') END,
        CASE WHEN e.is_binary THEN substring(content FROM e.start FOR e.size) END,
        convert_from(substring(content FROM e.start + e.size FOR e.metadata_size), 'UTF8')
      FROM event e JOIN decided d ON d.n = e.owner WHERE d.outcome = 'appended' ORDER BY e.n
      RETURNING stream, revision, position, payload
    ), ends AS (
      SELECT w.stream, max(w.revision) AS revision, max(w.position) AS position, bool_or(w.payload) AS payload,
        sum(count(*) FILTER (WHERE NOT w.payload)) OVER (ORDER BY max(w.position)) AS counted
      FROM written w GROUP BY w.stream
    )
    SELECT d.outcome,
      CASE d.outcome WHEN 'appended' THEN ends.revision WHEN 'repeated' THEN d.first + d.count - 1
        WHEN 'wrong-revision' THEN d.last END,
      CASE d.outcome WHEN 'appended' THEN own WHEN 'repeated' THEN d.xid END,
      CASE d.outcome WHEN 'appended' THEN ends.position WHEN 'repeated' THEN d.position END,
      CASE WHEN starts_with(d.stream, 'chunks-') THEN NULL
        WHEN d.outcome = 'appended' THEN before + ends.counted::bigint
        WHEN d.outcome = 'repeated' AND d.xid < pg_snapshot_xmin(pg_current_snapshot())
          THEN ${rankSql(schema, "d.xid", "d.position")} END,
      CASE d.outcome WHEN 'id-conflict' THEN d.id END
    FROM decided d LEFT JOIN ends ON ends.stream = d.stream AND d.outcome = 'appended' ORDER BY d.n;
    added := cardinality(ids);
    IF before / ${markEvery} <> (before + added) / ${markEvery} THEN PERFORM ${schema}.mark(); END IF;
  END $$;`;
}
