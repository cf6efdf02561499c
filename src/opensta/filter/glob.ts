/**
 * Whether `text` is matched by a pattern of the tool's kind: `*` is any run of characters, `?` any one, a backslash
 * takes the next character as it is. Brackets stand for themselves: they are parts of bus names. Linear in the text
 * for each `*`.
 * @example matchesGlob("u_lane*\/D", "u_lane3/_1996_/D") // true
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      starAt = at;
      continue;
    }
    const escaped = wanted === "\\" && inPattern + 1 < pattern.length;
    if (
      wanted !== undefined &&
      ((wanted === "?" && !escaped) || (escaped ? pattern[inPattern + 1] : wanted) === text[at])
    ) {
      inPattern += escaped ? 2 : 1;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

/** Whether any of these patterns matches. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, text));
}
