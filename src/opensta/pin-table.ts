/**
 * Pin tables, as a Tcl loop over the pins' slack properties prints them, tab-separated, one pin a line:
 *
 *     # pin	slack_max_rise	slack_max_fall	slack_min_rise	slack_min_fall
 *     g_lane[0].u_lane/_1048_/Y	1.627123	1.700001	INF	INF
 *
 * 2.0.17 calls the columns max_rise_slack … and prints `inf`.
 */
import type { ByteSource } from "./byte-source.js";
import type { PathType } from "./report-records.js";

/** What a pin table says of a pin: its slack of that type, Infinity where no constraint reaches it. */
export type PinSlacks = Readonly<Record<PathType, number | undefined>>;

/** Reads the rows of the pins that are asked for. */
export async function readPinSlacks(source: ByteSource, wanted: ReadonlySet<string>): Promise<Map<string, PinSlacks>> {
  const found = new Map<string, PinSlacks>();
  let columns: { readonly type: PathType; readonly at: number }[] = [];
  for await (const line of linesOf(source)) {
    if (line.startsWith("#")) columns = slackColumns(line);
    const tab = line.indexOf("\t");
    const pin = line.slice(0, tab);
    if (tab < 0 || !wanted.has(pin)) continue;
    const cells = line.split("\t");
    const worst = (type: PathType) => {
      const values = columns.filter((column) => column.type === type).map(({ at }) => numberOf(cells[at]));
      return values.length === 0 ? undefined : Math.min(...values);
    };
    found.set(pin, { max: worst("max"), min: worst("min") });
  }
  return found;
}

function slackColumns(header: string): { type: PathType; at: number }[] {
  return header.split("\t").flatMap((name, at): { type: PathType; at: number }[] => {
    const type = /^slack_(max|min)_|^(max|min)_\w+_slack$/.exec(name.trim());
    return type ? [{ type: (type[1] ?? type[2]) as PathType, at }] : [];
  });
}

function numberOf(cell: string | undefined): number {
  if (cell === undefined || /^inf/i.test(cell)) return Infinity;
  return /^-inf/i.test(cell) ? -Infinity : Number(cell);
}

/** Longest line of a table that is read. */
const lineBytesMax = 1 << 20;

async function* linesOf(source: ByteSource): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of source) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!.slice(-lineBytesMax);
    yield* lines;
  }
  if (rest !== "") yield rest;
}
