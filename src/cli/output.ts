/** Writes to stdout and waits while its reader is behind. */
export async function writeOut(bytes: Uint8Array | string): Promise<void> {
  if (process.stdout.write(bytes)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

/** Nobody takes what is written to stdout any more; it was told why already. */
export class OutputLost extends Error {}

/**
 * Writes to stdout, and returns when the system has it.
 * @throws OutputLost
 */
export async function writeThrough(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (cause) => (cause ? reject(new OutputLost("lost", { cause })) : resolve()));
  });
}

/** Text for a terminal: control characters, which could redraw the screen or break a line, as their escapes. */
export function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) =>
    character === "\n" ? "\\n" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** Columns under one another: the first to the left, numbers to the right. */
export function table(cells: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  const rows = cells.map((row) => row.map(visible));
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => (left.includes(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** 1,234,567 */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** 12.3 MB */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, name] = bytes < 1e6 ? [1e3, "kB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${(bytes / unit).toFixed(1)} ${name}`;
}

/** 2026-11-20 14:02 */
export function when(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
