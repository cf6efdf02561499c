/** One endpoint of a comparison; slacks in the report's unit, null on the side that does not show it. */
export interface ListedEndpoint {
  readonly endpoint: string;
  readonly change: "worse" | "better" | "appeared" | "no longer constrained" | "not observed";
  readonly crossed: "began to violate" | "mended" | null;
  readonly before: number | null;
  readonly after: number | null;
}

/** Every endpoint that is not as it was; slacks of both sides in units of 10^-digits. */
export function listEndpoints(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  unconstrained: ReadonlySet<string>,
  toNumber: (units: number) => number,
): ListedEndpoint[] {
  const shared = [...before].flatMap(([endpoint, was]): ListedEndpoint[] => {
    const is = after.get(endpoint);
    if (is === undefined) {
      const change = unconstrained.has(endpoint) ? "no longer constrained" : "not observed";
      return [{ endpoint, change, crossed: null, before: toNumber(was), after: null }];
    }
    if (is === was) return [];
    const crossed = was >= 0 && is < 0 ? "began to violate" : was < 0 && is >= 0 ? "mended" : null;
    const change = is < was ? "worse" : "better";
    return [{ endpoint, change, crossed, before: toNumber(was), after: toNumber(is) }];
  });
  const appeared = [...after]
    .filter(([endpoint]) => !before.has(endpoint))
    .map(([endpoint, is]): ListedEndpoint => ({
      endpoint,
      change: "appeared",
      crossed: null,
      before: null,
      after: toNumber(is),
    }));
  return [...shared, ...appeared].toSorted(byWeight);
}

const order = ["worse", "no longer constrained", "not observed", "appeared", "better"];

/** What is worse first; of a kind, what fell most first. */
function byWeight(one: ListedEndpoint, other: ListedEndpoint): number {
  const fall = (each: ListedEndpoint) => (each.after ?? 0) - (each.before ?? 0);
  return (
    order.indexOf(one.change) - order.indexOf(other.change) ||
    fall(one) - fall(other) ||
    one.endpoint.localeCompare(other.endpoint)
  );
}
