/**
 * The clock that the reason behind a startpoint or an endpoint names; null if it names none.
 * @example clockOfReason("rising edge-triggered flip-flop clocked by clk_a") // "clk_a"
 */
export function clockOfReason(reason: string): string | null {
  return /(?:clocked by|clock source|check against (?:rising|falling)-edge clock) '?(.+?)'*$/.exec(reason)?.[1] ?? null;
}
