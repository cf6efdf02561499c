import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openSource } from "../../src/opensta/open-source.js";
import { SourceError } from "../../src/opensta/source-error.js";
import { parseReport } from "../../src/opensta/parse-report.js";
import { temporaryFolder } from "../temporary-folder.js";

const text = Buffer.from(Array.from({ length: 60_000 }, (_, at) => `line ${at} ${Math.sin(at)}\n`).join(""));
const half = text.length >> 1;
const packings = {
  gz: (bytes: Uint8Array) => gzipSync(bytes),
  zst: (bytes: Uint8Array) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
};

async function read(packing: string, packed: Uint8Array): Promise<{ text: Buffer; error: unknown }> {
  const path = join(temporaryFolder(), `a.${packing}`);
  writeFileSync(path, packed);
  const parts: Buffer[] = [];
  try {
    for await (const bytes of openSource(path)) parts.push(Buffer.from(bytes));
  } catch (error) {
    return { text: Buffer.concat(parts), error };
  }
  return { text: Buffer.concat(parts), error: null };
}

describe.each(Object.entries(packings))("a .%s file", (packing, pack) => {
  const [first, second] = [pack(text.subarray(0, half)), pack(text.subarray(half))];

  it("is read whole, all members of it, wherever they meet", async () => {
    for (const packed of [
      pack(text),
      Buffer.concat([first, second]),
      Buffer.concat([pack(Buffer.alloc(0)), first, second]),
    ])
      expect(await read(packing, packed)).toEqual({ text, error: null });
    const many = Array.from({ length: 300 }, (_, at) => pack(text.subarray(at * 50, (at + 1) * 50)));
    expect((await read(packing, Buffer.concat(many))).text).toEqual(text.subarray(0, 15_000));
  });

  it("that ends too early gives what it holds, and an error that names the byte", async () => {
    for (const missing of [1, 3, 20_000]) {
      const packed = pack(text).subarray(0, -missing);
      const { text: got, error } = await read(packing, packed);
      expect(got).toEqual(text.subarray(0, got.length));
      expect(got.length).toBeGreaterThan(text.length - 300_000);
      expect(error).toBeInstanceOf(SourceError);
      expect((error as SourceError).message).toContain(`ends too early, at byte ${packed.length}; ${got.length} bytes`);
    }
    const { text: got, error } = await read(packing, Buffer.concat([first, second.subarray(0, 3)]));
    expect(got).toEqual(text.subarray(0, half));
    expect((error as SourceError).message).toContain(`at byte ${first.length + 3};`);
    expect((await read(packing, Buffer.alloc(0))).error).toBeInstanceOf(SourceError);
  });

  it("whose second member is damaged gives all of the first, and the byte of the damage", async () => {
    const packed = Buffer.concat([first, second]);
    packed[first.length] = packed[first.length]! ^ 0x55;
    const { text: got, error } = await read(packing, packed);
    expect(got).toEqual(text.subarray(0, half));
    const place = Number(/is damaged at byte (\d+);/.exec((error as SourceError).message)?.[1]);
    expect(Math.abs(place - first.length)).toBeLessThanOrEqual(4);
    expect((error as SourceError).cure).toContain("Pack the file again");
  });

  it("with garbage behind it gives all of its text before the error", async () => {
    for (const garbage of ["garbage", "\0\0x"]) {
      const { text: got, error } = await read(packing, Buffer.concat([pack(text), Buffer.from(garbage)]));
      expect(got).toEqual(text);
      expect((error as SourceError).message).toContain("is damaged at byte");
    }
  });

  it("that was changed inside ends in an error; what came before the place is as it was", async () => {
    const packed = pack(text);
    const at = Math.floor(packed.length / 2);
    for (let byte = at; byte < at + 40; byte++) packed[byte] = packed[byte]! ^ 0x5a;
    const { text: got, error } = await read(packing, packed);
    expect(error).toBeInstanceOf(SourceError);
    const sound = Math.floor(text.length * 0.45);
    expect(got.length).toBeGreaterThan(packing === "gz" ? sound : 0);
    expect(got.subarray(0, Math.min(sound, got.length))).toEqual(text.subarray(0, Math.min(sound, got.length)));
  });

  it("delivers the records before a damage", async () => {
    const report = readFileSync(new URL("../data/reports/3.1.0-borrow.rpt", import.meta.url));
    const path = join(temporaryFolder(), `b.${packing}`);
    writeFileSync(path, Buffer.concat([pack(report), Buffer.from("no member")]));
    let paths = 0;
    const reading = async () => {
      for await (const record of parseReport(openSource(path))) if (record.kind === "path") paths++;
    };
    await expect(reading()).rejects.toThrow(/is damaged at byte/);
    expect(paths).toBe(report.toString().split("\nStartpoint: ").length);
  });

  it("can be left in the middle", async () => {
    const path = join(temporaryFolder(), `c.${packing}`);
    writeFileSync(path, pack(text));
    for await (const bytes of openSource(path)) {
      expect(text.subarray(0, bytes.length).equals(bytes)).toBe(true);
      break;
    }
  });

  it("tells its packed bytes once, whole", async () => {
    const path = join(temporaryFolder(), `d.${packing}`);
    const packed = Buffer.concat([first, second]);
    writeFileSync(path, packed);
    const parts: Buffer[] = [];
    for await (const _ of openSource(path, { onPacked: (bytes) => parts.push(Buffer.from(bytes)) }));
    expect(Buffer.concat(parts)).toEqual(packed);
  });
});

it("zeros behind a .gz are padding, however many", async () => {
  expect(await read("gz", Buffer.concat([gzipSync(text), Buffer.alloc(100_000)]))).toEqual({ text, error: null });
});
