import { SeededRandom } from "./seeded-random.js";

type Damage = (text: string, random: SeededRandom) => string;

/** Texts as they come out of broken flows: still to be kept byte for byte. */
export function damage(text: string, seed: number): Buffer {
  const random = new SeededRandom(seed);
  let damaged = text;
  for (let times = 1 + random.below(4); times > 0; times--) damaged = random.pick(damages)(damaged, random);
  const bytes = Buffer.from(damaged);
  return random.chance(0.3) ? flipped(bytes, random) : bytes;
}

const damages: readonly Damage[] = [
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text) => text.replace(/\n$/, ""),
  (text) => text.replaceAll("\n", "\r\n"),
  (text, random) => someLines(text, random, (line) => `${line}\r`),
  (text, random) => someLines(text, random, (line) => `${line}\n${line}`),
  (text, random) => someLines(text, random, () => ""),
  (text, random) => someLines(text, random, (line) => `${line}\nWarning 101: run.tcl line 3, no such thing`),
  (text, random) => someLines(text, random, (line) => `${line} `),
  (text, random) => someLines(text, random, (line) => line.replaceAll("  ", "\t")),
  (text, random) => someLines(text, random, (line) => line + "x".repeat(random.below(3000))),
  (text, random) => someLines(text, random, (line) => oddNumbers(line, random)),
  (text, random) => swappedLines(text, random),
  (text, random) => inserted(text, random, "y".repeat(random.pick([5000, 300_000, 1_200_000]))),
  (text, random) => inserted(text, random, "\0"),
  (text, random) => inserted(text, random, "\n".repeat(random.below(200))),
  (text) => `\ufeff${text}`,
  (text) => text + text,
];

/** The same value in other letters, or none at all. */
const numberForms: readonly ((digits: string) => string)[] = [
  (digits) => `+${digits}`,
  (digits) => `0${digits}`,
  () => "-0.00",
  (digits) => `${digits}0`,
  () => "1e5",
  () => "nan",
  () => "-",
  () => ".5",
  () => "5.",
  () => "99999999999999999999.99",
  () => "0.0000000000000000001",
];

const oddNumbers = (line: string, random: SeededRandom): string =>
  line.replaceAll(/\d+\.\d+/g, (digits) => (random.chance(0.5) ? random.pick(numberForms)(digits) : digits));

/** Changes a few lines, or many of them. */
function someLines(text: string, random: SeededRandom, change: (line: string) => string): string {
  const lines = text.split("\n");
  const share = random.pick([2 / lines.length, 0.01, 0.2]);
  return lines.map((line) => (random.chance(share) ? change(line) : line)).join("\n");
}

function swappedLines(text: string, random: SeededRandom): string {
  const lines = text.split("\n");
  for (let times = random.below(20); times > 0; times--) {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  }
  return lines.join("\n");
}

function inserted(text: string, random: SeededRandom, what: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + what + text.slice(at);
}

function flipped(bytes: Buffer, random: SeededRandom): Buffer {
  if (bytes.length === 0) return bytes;
  for (let times = 1 + random.below(30); times > 0; times--) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}
