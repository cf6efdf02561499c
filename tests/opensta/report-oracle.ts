/** A slow, readable reading of full-type reports, line by line with regular expressions: what the scanner must agree with. */
export interface OraclePath {
  startpoint: string;
  endpoint: string;
  group: string;
  type: string;
  corner: string | null;
  slack: number | string | null;
  arrival: number | string | null;
  required: number | string | null;
  pins: string[];
  times: number[];
}

export function oraclePaths(text: string): OraclePath[] {
  const paths: OraclePath[] = [];
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith("Startpoint: ")) continue;
    const path: OraclePath = {
      startpoint: nameIn(lines, at, "Startpoint: "),
      endpoint: "",
      group: "",
      type: "",
      corner: null,
      slack: null,
      arrival: null,
      required: null,
      pins: [],
      times: [],
    };
    for (let next = at + 1; next < lines.length && !lines[next]!.startsWith("Startpoint: "); next++) {
      const each = lines[next]!;
      if (each.startsWith("Endpoint: ")) path.endpoint = nameIn(lines, next, "Endpoint: ");
      else if (each.startsWith("Path Group: ")) path.group = each.slice(12).trimEnd();
      else if (each.startsWith("Path Type: ")) path.type = each.slice(11).trimEnd();
      else if (each.startsWith("Corner: ")) path.corner = each.slice(8).trimEnd();
      const slack = /^\s+(\S+)\s+slack \((?:MET|VIOLATED|INF)\)/.exec(each);
      const total = /^\s+(\S+)\s+data (arrival|required) time\s*$/.exec(each);
      const row = /(-?[\d.]+) ([\^v]) (\S+) \(([^()]*)\)/.exec(each);
      if (total) path[total[2] as "arrival" | "required"] ??= value(total[1]!);
      else if (row && path.arrival === null) {
        path.pins.push(row[3]!);
        path.times.push(Number(row[1]));
      }
      if (slack) path.slack = value(slack[1]!);
      if (slack || each.startsWith("(Path is unconstrained)")) {
        paths.push(path);
        break;
      }
    }
  }
  return paths;
}

function nameIn(lines: readonly string[], at: number, key: string): string {
  const text = lines[at]!.slice(key.length).trimEnd();
  return (
    /^(\S+) \((?:input|output|rising|falling|positive|negative|recovery|removal|clock source|internal|port)/.exec(
      text,
    )?.[1] ?? text
  );
}

function value(text: string): number | string {
  return text.includes("INF") ? text : Number(text);
}
