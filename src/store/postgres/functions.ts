import { appendSql } from "./append-sql.js";
import { lockClass, marksKey, streamKey } from "./locks.js";

/** Chained events between two marks. */
export const markEvery = 100;

/** Events that one call of `mark` counts at most. */
const markedMax = 20_000;

/** The functions that write, in the ledger's schema. */
export function functionsSql(schema: string): string {
  return `
  CREATE FUNCTION ${schema}.lock_streams(streams text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(${lockClass}, key) FROM (
      SELECT DISTINCT ${streamKey(schema, "stream")} AS key FROM unnest(streams) AS s (stream) ORDER BY key
    ) keys;
  END $$;

  CREATE FUNCTION ${schema}.mark() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    IF NOT pg_try_advisory_xact_lock(${lockClass}, ${marksKey(schema)}) THEN RETURN; END IF;
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

  ${appendSql(schema, markEvery)}

  CREATE FUNCTION ${schema}.erase(name text, before integer) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM ${schema}.lock_streams(ARRAY[name]);
    INSERT INTO ${schema}.erased
      SELECT e.stream, e.revision FROM ${schema}.events e WHERE e.stream = name ORDER BY e.revision DESC LIMIT 1
      ON CONFLICT (stream) DO UPDATE SET revision = greatest(${schema}.erased.revision, excluded.revision);
    DELETE FROM ${schema}.events e WHERE e.stream = name AND e.revision < before;
  END $$;
`;
}
