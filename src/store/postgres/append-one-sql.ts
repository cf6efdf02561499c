import { expectations } from "./append-sql.js";
import { lockClass, streamKey } from "./locks.js";
import { rankSql } from "./tables.js";

/**
 * The function `append_one`: the plain case of `append`, one new event at exactly the revision that its stream has,
 * without the cost of deciding a group. For any other case it writes nothing and answers no row: `append` knows why.
 */
export function appendOneSql(schema: string, markEvery: number): string {
  return `CREATE FUNCTION ${schema}.append_one(
    name text, wanted integer, event_id uuid, event_type text, json text, binary_data bytea, about text
  ) RETURNS TABLE (outcome text, revision integer, xid xid8, "position" bigint, number bigint, id uuid)
  LANGUAGE plpgsql VOLATILE AS $$
  #variable_conflict use_column
  DECLARE
    is_payload boolean := starts_with(name, 'chunks-');
    own xid8;
    place bigint;
    own_number bigint;
  BEGIN
    PERFORM pg_advisory_xact_lock(${lockClass}, ${streamKey(schema, "name")});
    IF wanted <> coalesce(greatest(
        (SELECT e.revision FROM ${schema}.events e WHERE e.stream = name ORDER BY e.revision DESC LIMIT 1),
        (SELECT x.revision FROM ${schema}.erased x WHERE x.stream = name)), ${expectations.no_stream})
      OR EXISTS (SELECT FROM ${schema}.events e WHERE e.id = event_id) THEN RETURN; END IF;
    own := pg_current_xact_id();
    INSERT INTO ${schema}.events AS e (xid, stream, revision, id, payload, type, data, bytes, metadata)
      VALUES (own, name, wanted + 1, event_id, is_payload, event_type, json, binary_data, about)
      RETURNING e.position INTO place;
    IF NOT is_payload AND pg_snapshot_xmin(pg_current_snapshot()) >= own THEN
      own_number := ${rankSql(schema, "own", "place")};
      IF own_number % ${markEvery} = 0 THEN PERFORM ${schema}.mark(); END IF;
    END IF;
    RETURN QUERY SELECT 'appended', wanted + 1, own, place, own_number, NULL::uuid;
  END $$;`;
}
