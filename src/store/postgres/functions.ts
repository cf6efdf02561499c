import { rankSql } from "./tables.js";

/** Told apart from other users of advisory locks by this first key: "CKPT". */
export const lockClass = 0x434b5054;

/** Chained events between two marks. */
const markEvery = 100;

/** Events that one call of `mark` counts at most. */
const markedMax = 20_000;

/** Expected revisions as `append` takes them: a revision, or one of these. */
export const expectations = { no_stream: -1, any: -2, stream_exists: -3 } as const;

/**
 * The functions that write, in the ledger's schema.
 *
 * `append` takes a group of appends: one row of `streams`, `expected` and `counts` each; `ids` and what follows have an
 * element for each event, whose data and metadata lie one after the other in `content`. It is one statement and so one
 * transaction. Each append is decided by itself, by the rules of append-decision.ts. First it locks the streams, in one
 * order for all, before it has a transaction id: so an event's id of transaction is never below that of the event
 * before it in its stream. The number is told if all transactions before this one have ended, else null: the caller
 * asks for it again.
 */
export function functionsSql(schema: string): string {
  const literal = `'${schema.replaceAll("'", "''")}.'`;
  return `
  CREATE FUNCTION ${schema}.lock_streams(streams text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(${lockClass}, key) FROM (
      SELECT DISTINCT hashtext(${literal} || stream) AS key FROM unnest(streams) AS s (stream) ORDER BY key
    ) keys;
  END $$;

  CREATE FUNCTION ${schema}.last_revision(name text) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    RETURN greatest(
      (SELECT e.revision FROM ${schema}.events e WHERE e.stream = name ORDER BY e.revision DESC LIMIT 1),
      (SELECT x.revision FROM ${schema}.erased x WHERE x.stream = name));
  END $$;

  CREATE FUNCTION ${schema}.mark() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    IF NOT pg_try_advisory_xact_lock(${lockClass}, hashtext(${literal})) THEN RETURN; END IF;
    INSERT INTO ${schema}.marks
    SELECT xid, position, number FROM (
      SELECT e.xid, e.position, m.number + row_number() OVER (ORDER BY e.xid, e.position) AS number
      FROM (SELECT * FROM ${schema}.marks ORDER BY xid DESC, position DESC LIMIT 1) m,
        LATERAL (SELECT c.xid, c.position FROM ${schema}.events c
          WHERE NOT c.payload AND (c.xid, c.position) > (m.xid, m.position)
            AND c.xid < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY c.xid, c.position LIMIT ${markedMax}) e
    ) counted WHERE number % ${markEvery} = 0;
  END $$;

  CREATE FUNCTION ${schema}.append(
    streams text[], expected integer[], counts integer[],
    ids uuid[], types text[], binary_data boolean[], starts integer[], sizes integer[], metadata_sizes integer[],
    content bytea
  ) RETURNS TABLE (outcome text, revision integer, xid xid8, "position" bigint, number bigint, id uuid)
  LANGUAGE plpgsql VOLATILE AS $$
  #variable_conflict use_column
  DECLARE
    first integer := 1;   -- of the append's events among all of the group
    last integer;         -- the stream's last revision
    counted bigint;       -- number of the last chained event written so far, null if it cannot be known yet
    settled boolean;      -- whether all transactions before this one have ended
    known_first ${schema}.events;
    same boolean;
    written ${schema}.events;
  BEGIN
    PERFORM ${schema}.lock_streams(streams);
    FOR i IN 1 .. cardinality(streams) LOOP
      last := ${schema}.last_revision(streams[i]);
      outcome := NULL; revision := NULL; xid := NULL; position := NULL; number := NULL;
      id := (SELECT e.id FROM ${schema}.events e WHERE e.id = ANY (ids[first : first + counts[i] - 1])
             ORDER BY array_position(ids, e.id) LIMIT 1);
      IF id IS NOT NULL THEN
        SELECT * INTO known_first FROM ${schema}.events e WHERE e.id = ids[first];
        same := known_first.id IS NOT NULL AND (
          SELECT coalesce(bool_and(coalesce(
              e.stream = streams[i] AND e.revision = known_first.revision + at - first AND e.type = types[at]
              AND CASE WHEN binary_data[at] THEN e.bytes = substring(content FROM starts[at] FOR sizes[at])
                  ELSE e.data = convert_from(substring(content FROM starts[at] FOR sizes[at]), 'UTF8') END, false)), false)
          FROM generate_series(first, first + counts[i] - 1) at LEFT JOIN ${schema}.events e ON e.id = ids[at]);
        IF same AND (CASE expected[i]
            WHEN ${expectations.any} THEN true
            WHEN ${expectations.no_stream} THEN known_first.revision = 0
            WHEN ${expectations.stream_exists} THEN known_first.revision > 0
            ELSE expected[i] = known_first.revision - 1 END)
        THEN
          SELECT * INTO written FROM ${schema}.events e WHERE e.id = ids[first + counts[i] - 1];
          outcome := 'repeated';
        ELSE
          outcome := 'id-conflict';
        END IF;
      ELSIF (CASE expected[i]
          WHEN ${expectations.any} THEN true
          WHEN ${expectations.no_stream} THEN last IS NULL
          WHEN ${expectations.stream_exists} THEN last IS NOT NULL
          ELSE last IS NOT DISTINCT FROM expected[i] END)
      THEN
        INSERT INTO ${schema}.events (xid, stream, revision, id, payload, type, data, bytes, metadata)
        SELECT pg_current_xact_id(), streams[i], coalesce(last, -1) + 1 + at - first, ids[at],
          starts_with(streams[i], 'chunks-'), types[at],
          CASE WHEN NOT binary_data[at] THEN convert_from(substring(content FROM starts[at] FOR sizes[at]), 'UTF8') END,
          CASE WHEN binary_data[at] THEN substring(content FROM starts[at] FOR sizes[at]) END,
          convert_from(substring(content FROM starts[at] + sizes[at] FOR metadata_sizes[at]), 'UTF8')
        FROM generate_series(first, first + counts[i] - 1) at ORDER BY at;
        SELECT * INTO written FROM ${schema}.events e WHERE e.id = ids[first + counts[i] - 1];
        outcome := 'appended';
      ELSE
        outcome := 'wrong-revision';
        revision := last;
      END IF;
      IF outcome IN ('appended', 'repeated') THEN
        revision := written.revision; xid := written.xid; position := written.position; id := written.id;
        IF outcome = 'repeated' AND NOT written.payload AND xid < pg_snapshot_xmin(pg_current_snapshot()) THEN
          number := ${rankSql(schema, "written.xid", "written.position")};
        ELSIF outcome = 'appended' AND NOT written.payload THEN
          IF settled IS NULL THEN
            settled := pg_snapshot_xmin(pg_current_snapshot()) >= pg_current_xact_id();
            IF settled THEN counted := ${rankSql(schema, "written.xid", "written.position")}; END IF;
          ELSE
            counted := counted + counts[i];
          END IF;
          number := counted;
          IF written.position / ${markEvery} <> (written.position - counts[i]) / ${markEvery} THEN
            PERFORM ${schema}.mark();
          END IF;
        END IF;
      END IF;
      RETURN NEXT;
      first := first + counts[i];
    END LOOP;
  END $$;

  CREATE FUNCTION ${schema}.erase(name text, before integer) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM ${schema}.lock_streams(ARRAY[name]);
    INSERT INTO ${schema}.erased SELECT name, last FROM ${schema}.last_revision(name) last WHERE last IS NOT NULL
      ON CONFLICT (stream) DO UPDATE SET revision = greatest(${schema}.erased.revision, excluded.revision);
    DELETE FROM ${schema}.events e WHERE e.stream = name AND e.revision < before;
  END $$;
`;
}
