import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { releaseKernel, takeKernel } from "../../src/timing/timing-kernel.js";
import { decodePinTable } from "../../src/timing/pins/decode-pin-table.js";
import { PinNames } from "../../src/timing/pins/pin-names.js";
import { PinTableEncoder } from "../../src/timing/pins/pin-table-encoder.js";
import { PinTableDamaged } from "../../src/timing/pins/pin-table-form.js";
import type { PinTable } from "../../src/timing/pins/pin-table.js";
import { circuitTable } from "./pins-circuit.js";
import { SeededRandom } from "./seeded-random.js";

const plain = { seed: 11, modules: 6, gates: 120, notation: "exponential" } as const;

function encode(text: Uint8Array, names: PinNames, base: PinTable | null, pieceBytes = 1000) {
  const encoder = new PinTableEncoder(names, base, text.length);
  for (let at = 0; at < text.length; at += pieceBytes) encoder.push(text.subarray(at, at + pieceBytes));
  return encoder.finish();
}

function textOf(table: PinTable): string {
  const pieces: Buffer[] = [];
  table.render((piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString("latin1");
}

/** Encodes the texts as a chain, decodes them with other names, and answers the sizes. */
function roundTrip(texts: readonly string[], pieceBytes?: number): number[] {
  const kernel = takeKernel();
  const otherKernel = takeKernel();
  const names = new PinNames(kernel);
  const otherNames = new PinNames(otherKernel);
  let base: PinTable | null = null;
  let otherBase: PinTable | null = null;
  const sizes = texts.map((text) => {
    const { bytes, table } = encode(Buffer.from(text, "latin1"), names, base, pieceBytes);
    const decoded = decodePinTable(bytes, otherNames, otherBase);
    expect(textOf(decoded) === text, "the same text from the stored form").toBe(true);
    expect(textOf(table) === text, "the same text from the encoder's table").toBe(true);
    base = table;
    otherBase = decoded;
    return bytes.length;
  });
  releaseKernel(kernel);
  releaseKernel(otherKernel);
  return sizes;
}

describe("a table of pins", () => {
  it("comes back byte for byte, whatever the circuit, the notation and the pieces", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new SeededRandom(seed);
      const text = circuitTable({
        seed,
        modules: 1 + random.below(5),
        gates: 1 + random.below(80),
        notation: random.pick(["exponential", "fixed"] as const),
        withArrivals: random.chance(0.5),
      });
      roundTrip([text], 1 + random.below(3000));
    }
  });

  it("is smaller than zstd makes it", () => {
    const text = circuitTable({ ...plain, modules: 30 });
    const [size = 0] = roundTrip([text]);
    expect(size * 2).toBeLessThan(zstdCompressSync(text).length);
  });

  it("costs some tens of bytes where nothing changed", () => {
    const text = circuitTable(plain);
    const [, size = 0] = roundTrip([text, text]);
    expect(size).toBeLessThan(200);
  });

  it("stores of a later stage what changed", () => {
    for (const notation of ["exponential", "fixed"] as const) {
      for (const withArrivals of [false, true]) {
        const options = { ...plain, notation, withArrivals };
        const later = circuitTable({ ...options, changed: 0.002 });
        const [base = 0, delta = 0] = roundTrip([circuitTable(options), later]);
        expect(delta * 2).toBeLessThan(base);
      }
    }
  });

  it("follows instances that come and go", () => {
    const sizes = roundTrip([circuitTable(plain), circuitTable({ ...plain, inserted: 3 }), circuitTable(plain)]);
    expect(sizes).toHaveLength(3);
  });

  it("stands on a table with other columns or other digits", () => {
    const short = circuitTable(plain).replaceAll(/(\.\d{3})\d{3}/g, "$1");
    roundTrip([circuitTable(plain), circuitTable({ ...plain, withArrivals: true }), short, circuitTable(plain)]);
  });

  it("knows pins by name", () => {
    const names = new PinNames();
    encode(
      Buffer.from(
        "# pin\tmax_rise_slack\tmax_fall_slack\tmin_rise_slack\tmin_fall_slack\nu/1/A\t2.500\t1.500\t0.250\t-0.125\n",
      ),
      names,
      null,
    );
    expect(names.pinName(names.findPin("u/1/A"))).toBe("u/1/A");
    expect(names.findPin("u/1/B")).toBe(-1);
  });
});

describe("text that is no such table", () => {
  const head = "# pin\tmax_rise_slack\tmax_fall_slack\tmin_rise_slack\tmin_fall_slack\n";
  const row = "a b/c[1]\\/d/Z\t1.000000\t-2.500000\tinf\t-inf\n";
  const odd: Record<string, string> = {
    nothing: "",
    "one line feed": "\n",
    "a header alone": head,
    "no header": row,
    "no last line feed": head + row + row.slice(0, -1),
    "carriage returns": (head + row + row).replaceAll("\n", "\r\n"),
    "a cut number": `${head}${row}u/A\t1.00`,
    "other digits": `${head}${row}u/A\t1.0\t2.0\t3.0\t4.0\n${row}`,
    "numbers that print otherwise": `${head}${row}u/A\t01.000000\t+2.500000\t-0.000000\t1e5\n${row}`,
    "negative zeros": `${head}${row}u/A\t-0.000000\t0.000000\t-0.000000\t0.000000\n`,
    "exponents out of range": `${head}u/A\t1.000000e+00\t9.999999e+99\t1.000000e-99\t0.000000e+00\n`,
    "small and large": `${head}u/A\t1.000000e-57\t-9.999999e+57\t-0.000000e+00\t1.234567e+12\n`,
    "spellings of infinity": `${head}u/A\tinf\tINF\t-inf\t-INF\nu/B\tInf\tnan\tinf\tinf\n`,
    "more and fewer columns": `${head}${row}u/A\t1.000000\nu/B\t1.000000\t1.000000\t1.000000\t1.000000\t1.000000\n`,
    "names twice": head + row + row + row,
    "names without slash, with only one, and none": `${head}a${row.slice(13)}/${row.slice(13)}${row.slice(13)}//${row.slice(13)}`,
    "other columns": `name\tdelay\n${"x/y\t1.5\nx/z\t-2.5\n".repeat(5)}`,
    "an odd number of columns": `# pin\tone\ttwo\tthree\n${"x/y\t1.5\t2.5\tinf\n".repeat(5)}`,
    "bytes of all kinds": Array.from({ length: 4096 }, (_none, index) => String.fromCharCode((index * 31) % 256)).join(
      "",
    ),
    "a long name": `${head}${row}u/${"y".repeat(70_000)}${row.slice(13)}${row}`,
    "a long line": `${head}${"x".repeat(3_000_000)}\n${row}`,
  };
  for (const [title, text] of Object.entries(odd))
    it(`comes back as it was: ${title}`, () => {
      roundTrip([text, text]);
      roundTrip(
        [circuitTable({ ...plain, gates: 9 }), text, circuitTable({ ...plain, gates: 9 })],
        7 + (text.length >> 6),
      );
    });

  it("comes back as it was: a table cut anywhere", () => {
    const text = circuitTable({ ...plain, modules: 1, gates: 4 });
    for (let end = 0; end < text.length; end += 5) roundTrip([text.slice(0, end)]);
  });

  it("comes back as it was: a table with random damage", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const text = Array.from(circuitTable({ ...plain, modules: 2, gates: 20 }));
      for (let hit = 0; hit < 10; hit++)
        text[random.below(text.length)] = random.pick(["\t", "\n", "9", "-", "/", "e", "\0"]);
      roundTrip([circuitTable({ ...plain, modules: 2, gates: 20 }), text.join("")]);
    }
  });
});

describe("a damaged stored form", () => {
  it("is refused or reads the same, wherever a bit is flipped or the end is cut", () => {
    const text = circuitTable({ ...plain, modules: 2, gates: 30 });
    const later = circuitTable({ ...plain, modules: 2, gates: 30, changed: 0.05, inserted: 1 });
    const names = new PinNames();
    const first = encode(Buffer.from(text), names, null);
    const second = encode(Buffer.from(later), names, first.table);
    const random = new SeededRandom(5);
    for (let run = 0; run < 300; run++) {
      const isSecond = random.chance(0.5);
      const bytes = Uint8Array.from(isSecond ? second.bytes : first.bytes);
      const at = random.below(bytes.length);
      const damaged = random.chance(0.2) ? bytes.subarray(0, at) : bytes;
      if (damaged.length > at) damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
      const fresh = new PinNames();
      const base = isSecond ? decodePinTable(first.bytes, fresh, null) : null;
      expectRefusedOrSound(damaged, fresh, base);
    }
  });

  it("is refused with another base or other names", () => {
    const text = Buffer.from(circuitTable(plain));
    const names = new PinNames();
    const first = encode(text, names, null);
    const second = encode(text, names, first.table);
    expect(() => decodePinTable(second.bytes, new PinNames(), null)).toThrow(PinTableDamaged);
    expect(() => decodePinTable(first.bytes, names, null)).toThrow(PinTableDamaged);
  });
});

/** There is no checksum here, so a flip may read as another table; it must be one that can be rendered. */
function expectRefusedOrSound(bytes: Uint8Array, names: PinNames, base: PinTable | null): void {
  let table: PinTable;
  try {
    table = decodePinTable(bytes, names, base);
  } catch (refusal) {
    expect(refusal).toBeInstanceOf(PinTableDamaged);
    return;
  }
  expect(textOf(table).length).toBeLessThan(10_000_000);
}
