/** What the columns of a table show, in the order that the kernel keeps them. */
export interface PinLayout {
  readonly columns: number;
  readonly hasSlacks: boolean;
  readonly hasArrivals: boolean;
  /** Per printed column: where its value is kept. */
  readonly places: readonly number[];
}

export const columnsMax = 64;

const kinds = ["slack", "arrival"] as const;
const parts = ["max", "min"] as const;
const edges = ["rise", "fall"] as const;

/**
 * The layout that a table's first line tells: `# pin TAB max_rise_slack TAB …` or `# pin TAB slack_max_rise TAB …`.
 * Columns whose names say nothing are kept as they come.
 */
export function layoutOf(firstLine: string): PinLayout {
  const titles = firstLine.split("\t").slice(1);
  const columns = Math.min(titles.length, columnsMax);
  const roles = titles.slice(0, columns).map((title) => roleOf(title.toLowerCase()));
  const hasSlacks = hasAll(roles, 0);
  const hasArrivals = hasSlacks && hasAll(roles, 4);
  const known = hasArrivals ? 8 : hasSlacks ? 4 : 0;
  const taken = new Set<number>();
  let next = known;
  const places = roles.map((role) => {
    if (role < 0 || role >= known || taken.has(role)) return next++;
    taken.add(role);
    return role;
  });
  return { columns, hasSlacks, hasArrivals, places };
}

function roleOf(title: string): number {
  const kind = kinds.findIndex((word) => title.includes(word));
  const part = parts.findIndex((word) => title.includes(word));
  const edge = edges.findIndex((word) => title.includes(word));
  return kind < 0 || part < 0 || edge < 0 ? -1 : kind * 4 + part * 2 + edge;
}

function hasAll(roles: readonly number[], from: number): boolean {
  return [0, 1, 2, 3].every((offset) => roles.includes(from + offset));
}

export function isSameLayout(one: PinLayout, other: PinLayout): boolean {
  return (
    one.columns === other.columns &&
    one.hasSlacks === other.hasSlacks &&
    one.hasArrivals === other.hasArrivals &&
    one.places.every((place, column) => place === other.places[column])
  );
}
