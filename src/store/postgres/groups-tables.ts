/**
 * Groups of workers: what they have taken over from the log and not settled yet. Nothing here follows from the events,
 * and nothing but groups needs it.
 */
export function groupsSql(schema: string): string {
  return `
  CREATE TABLE ${schema}.groups (
    name text PRIMARY KEY,
    filter text NOT NULL,
    taken bigint NOT NULL, -- number of the last event taken over
    after text             -- position up to which the log was looked at; null for the start
  );
  CREATE TABLE ${schema}.group_events (
    group_name text NOT NULL,
    number bigint NOT NULL,
    stream text NOT NULL,
    revision integer NOT NULL,
    worker text,              -- who has it
    due timestamptz NOT NULL, -- when anybody may have it
    deliveries integer NOT NULL,
    parked text,              -- why it was put aside
    PRIMARY KEY (group_name, number)
  );
  CREATE INDEX group_streams ON ${schema}.group_events (group_name, stream, number) WHERE parked IS NULL;
`;
}
