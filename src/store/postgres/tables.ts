/**
 * The tables of one ledger, in a schema of its own.
 *
 * The order of the log is (xid, position): the id of the transaction that wrote an event, then a sequence. Transactions
 * commit in any order, but one that begins later has a larger id; so what lies below the oldest transaction still
 * running (`pg_snapshot_xmin`) can no longer change, and only that is read. Nobody waits for anybody to get a place.
 *
 * The event number is the rank among the chained events in that order. No row holds it: below the horizon it can be
 * counted. `marks` keeps the place of every hundredth or so, so that counting is short; whoever writes a mark writes
 * the same.
 */
export function tablesSql(schema: string): string {
  return `
  CREATE TABLE ${schema}.events (
    xid xid8 NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    stream text NOT NULL,
    revision integer NOT NULL,
    id uuid NOT NULL,
    payload boolean NOT NULL,
    type text NOT NULL,
    data text,   -- JSON
    bytes bytea, -- or bytes
    metadata text NOT NULL,
    CHECK ((data IS NULL) <> (bytes IS NULL))
  );
  -- Chunks are compressed already.
  ALTER TABLE ${schema}.events ALTER COLUMN bytes SET STORAGE EXTERNAL;
  CREATE UNIQUE INDEX events_place ON ${schema}.events (xid, position);
  CREATE UNIQUE INDEX events_chained ON ${schema}.events (xid, position) WHERE NOT payload;
  CREATE UNIQUE INDEX events_stream ON ${schema}.events (stream, revision);
  CREATE UNIQUE INDEX events_id ON ${schema}.events (id);

  -- Erased chunk streams: which revision they had come to, so that none is used twice.
  CREATE TABLE ${schema}.erased (stream text PRIMARY KEY, revision integer NOT NULL);

  -- The event of this number lies here.
  CREATE TABLE ${schema}.marks (xid xid8, position bigint, number bigint NOT NULL, PRIMARY KEY (xid, position));
  INSERT INTO ${schema}.marks VALUES ('0', 0, 0);
`;
}

/** SQL for the number of the chained event at a place, or of the last one before it; its place must be below the horizon. */
export function rankSql(schema: string, xid: string, position: string): string {
  return `(SELECT m.number + (SELECT count(*) FROM ${schema}.events c
      WHERE NOT c.payload AND (c.xid, c.position) > (m.xid, m.position) AND (c.xid, c.position) <= (${xid}, ${position}))
    FROM ${schema}.marks m WHERE (m.xid, m.position) <= (${xid}, ${position})
    ORDER BY m.xid DESC, m.position DESC LIMIT 1)`;
}

/** SQL for the place of the chained event of the number $1; no row if it is not below the horizon. */
export function placeSql(schema: string): string {
  return `SELECT c.xid, c.position
    FROM (SELECT * FROM ${schema}.marks WHERE number < $1::bigint ORDER BY xid DESC, position DESC LIMIT 1) m,
      LATERAL (SELECT e.xid, e.position FROM ${schema}.events e
        WHERE NOT e.payload AND (e.xid, e.position) > (m.xid, m.position)
          AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY e.xid, e.position OFFSET $1::bigint - m.number - 1 LIMIT 1) c`;
}
