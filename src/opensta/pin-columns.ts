/**
 * The columns of a pin table behind the pin, from its first line; null if the line is none. 2.0.17's `max_rise_slack`
 * comes as 3.x's `slack_max_rise`, likewise for arrivals.
 */
export function pinColumns(header: string): string[] | null {
  const [first = "", ...names] = header.split("\t");
  if (!/^# ?pin$/.test(first) || names.length === 0) return null;
  return names.map((name) => name.trim().replace(/^(max|min)_(rise|fall)_(slack|arrival)$/, "$3_$1_$2"));
}
