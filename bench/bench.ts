/** `npm run bench -- NAME [--key value …] [--json]`: runs one benchmark and prints its figures. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UnfitInputError } from "./unfit-input.js";

/** What a benchmark is given: its options by name. */
export type BenchArguments = Readonly<Record<string, string>>;
/** What it answers: figures by name. */
export type Figures = Record<string, number | string>;

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
  .filter((file) => file.endsWith(".bench.js"))
  .map((file) => file.slice(0, -".bench.js".length));

if (name === undefined || !names.includes(name)) {
  process.stderr.write(`ckpt: name a benchmark: ${names.join(", ")}\n`);
  process.exitCode = 2;
} else {
  const options: Record<string, string> = {};
  for (let at = 0; at < rest.length; at++) {
    if (!rest[at]!.startsWith("--") || rest[at] === "--json") continue;
    options[rest[at]!.slice(2)] = rest[at + 1] ?? "";
    at++;
  }
  const { bench } = (await import(`./${name}.bench.js`)) as { bench: (options: BenchArguments) => Promise<Figures> };
  try {
    print(await bench(options), rest.includes("--json"));
  } catch (error) {
    if (!(error instanceof UnfitInputError)) throw error;
    process.stderr.write(`ckpt: ${error.message}\n`);
    process.exitCode = 2;
  }
}

function print(figures: Figures, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else
    for (const [key, value] of Object.entries(figures))
      process.stdout.write(
        `${key.padEnd(32)} ${typeof value === "number" ? Number(value.toPrecision(4)).toLocaleString("en-US") : value}\n`,
      );
}
