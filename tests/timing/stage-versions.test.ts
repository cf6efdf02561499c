/**
 * What an earlier version stored is read for ever: tests/data/stages has a stage and the one after it of each version.
 * `CKPT_WRITE_STAGES=2 npx vitest run tests/timing/stage-versions.test.ts` writes those of version 2 anew; a version that
 * was released is never written again.
 */
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { decodeManifest } from "../../src/timing/stage-manifest.js";
import { BlockDamagedError, StageReader } from "../../src/timing/stage-reader.js";
import { change } from "./changed-design.js";
import { inBytes, keep, openMemory, sealedBytes } from "./kept-stages.js";
import { makeDesign } from "./made-design.js";
import { reportsOf } from "./made-reports.js";
import { makeStyle } from "./made-style.js";

const folder = new URL("../data/stages/", import.meta.url);
const stages = ["base", "next"] as const;

interface Kept {
  readonly manifest: { readonly at: number; readonly bytes: number };
  /** SHA-256 of each file's text. */
  readonly files: Readonly<Record<string, string>>;
}

const written = process.env["CKPT_WRITE_STAGES"];
if (written !== undefined) await write(`version-${written}`);

it.each(readdirSync(folder))("reads the stages of %s", async (version) => {
  let reader: StageReader | null = null;
  for (const stage of stages) {
    const place = new URL(`${version}/${stage}`, folder);
    const payload = readFileSync(`${place.pathname}.bin`);
    const { manifest, files } = JSON.parse(readFileSync(`${place.pathname}.json`, "utf8")) as Kept;
    const read = async (at: number, bytes: number) => await Promise.resolve(payload.subarray(at, at + bytes));
    reader = new StageReader(await decodeManifest(await read(manifest.at, manifest.bytes)), { read }, reader);
    for (const [name, sha256] of Object.entries(files)) {
      const parts: Uint8Array[] = [];
      for await (const piece of reader.stream(name)) parts.push(Uint8Array.from(piece));
      expect(hash("sha256", Buffer.concat(parts)), `${stage} ${name}`).toBe(sha256);
    }
  }
});

it("refuses text that comes back as another than was captured", async () => {
  const [version] = readdirSync(folder);
  const place = new URL(`${version!}/base`, folder).pathname;
  const payload = readFileSync(`${place}.bin`);
  const { manifest } = JSON.parse(readFileSync(`${place}.json`, "utf8")) as Kept;
  const read = async (at: number, bytes: number) => await Promise.resolve(payload.subarray(at, at + bytes));
  const told = await decodeManifest(await read(manifest.at, manifest.bytes));
  const files = told.files.map((file) => ({ ...file, sha256: hash("sha256", "another text") }));
  const reader = new StageReader({ ...told, files }, { read }, null);
  for (const { name } of files)
    await expect(drain(reader.stream(name)), name).rejects.toBeInstanceOf(BlockDamagedError);
});

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of stream) void part;
}

async function write(version: string): Promise<void> {
  mkdirSync(new URL(`${version}/`, folder), { recursive: true });
  const ledger = await openMemory();
  const style = makeStyle(3);
  const design = makeDesign(3, { cells: 120 });
  const made = { base: design, next: change(design, 4) };
  for (const stage of stages) {
    const files = inBytes(reportsOf(made[stage], style));
    await keep(ledger, stage, files);
    const { payload, manifest } = await sealedBytes(ledger, stage);
    const place = new URL(`${version}/${stage}`, folder).pathname;
    const kept: Kept = {
      manifest,
      files: Object.fromEntries([...files].map(([name, bytes]) => [name, hash("sha256", bytes)])),
    };
    writeFileSync(`${place}.bin`, payload);
    writeFileSync(`${place}.json`, `${JSON.stringify(kept, null, 2)}\n`);
  }
  await ledger.close();
}
