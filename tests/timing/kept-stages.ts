/** Stages of a ledger in memory, by way of the public verbs: files in, files out. */
import { capture } from "../../src/ledger/capture.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { type CommittedRow, filesOf, findStage, openStage } from "../../src/ledger/stage-access.js";
import { openLedger } from "../../src/open-ledger.js";
import type { EventStore } from "../../src/store/event-store.js";
import { SeededRandom } from "./seeded-random.js";

export type StageFiles = ReadonlyMap<string, Uint8Array>;

export const openMemory = (): Promise<Ledger> => openLedger("memory:", { actor: "test" });

/** Captures the files, each given in pieces of any size, empty ones among them. */
export async function keep(ledger: Ledger, stage: string, files: StageFiles, seed = 1): Promise<void> {
  const random = new SeededRandom(seed);
  const named = [...files].map(([name, bytes]) => ({ name, source: inPieces(bytes, random) }));
  const result = await capture(ledger, { design: "made", stage }, named);
  if (!result.ok) throw new Error(result.message);
}

/** Names of all files, with what comes back of each. */
export async function readAllBack(ledger: Ledger, stage: string): Promise<Map<string, Buffer>> {
  const row = await committed(ledger, stage);
  const reader = await openStage(ledger, row);
  const files = new Map<string, Buffer>();
  for (const { name } of await filesOf(ledger, row)) {
    const parts: Uint8Array[] = [];
    for await (const bytes of reader.stream(name)) parts.push(Uint8Array.from(bytes));
    files.set(name, Buffer.concat(parts));
  }
  return files;
}

/** The stream that holds the stage's own bytes. */
export async function chunksOf(ledger: Ledger, stage: string): Promise<string> {
  return (await committed(ledger, stage)).seal.chunks.stream;
}

/** The same ledger, whose store gives other bytes for one stream, or has lost them (null): what a damaged disk does. */
export function withDamagedChunks(
  ledger: Ledger,
  stream: string,
  damage: (bytes: Uint8Array) => Uint8Array | null,
): Ledger {
  const { store } = ledger;
  const damaged: EventStore = {
    append: (request) => store.append(request),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    positionAt: (number) => store.positionAt(number),
    numberAt: (position) => store.numberAt(position),
    truncateBefore: (name, revision) => store.truncateBefore(name, revision),
    deleteStream: (name) => store.deleteStream(name),
    close: () => store.close(),
    async *readStream(name, options) {
      for await (const event of store.readStream(name, options)) {
        const harmed = name === stream && typeof event.data !== "string" ? damage(event.data) : event.data;
        if (harmed !== null) yield { ...event, data: harmed };
      }
    },
  };
  return { ...ledger, store: damaged, now: () => ledger.now(), close: () => ledger.close() };
}

async function committed(ledger: Ledger, stage: string): Promise<CommittedRow> {
  const found = await findStage(ledger, `made@${stage}`);
  if (!found.ok) throw new Error(found.message);
  return found.row;
}

/** @throws Error that tells where the file came back otherwise than it was captured. */
export function expectSame(files: StageFiles, back: ReadonlyMap<string, Buffer>, what: string): void {
  for (const [name, wanted] of files) {
    const given = back.get(name);
    if (given?.equals(wanted)) continue;
    const at = wanted.findIndex((byte, index) => byte !== given?.[index]);
    const lengths = `${wanted.length} bytes were captured, ${given?.length ?? "none"} came back`;
    throw new Error(`${what}, ${name}: differs at byte ${at < 0 ? wanted.length : at}; ${lengths}`);
  }
}

/** Each piece is good until the next: its memory is used again. */
async function* inPieces(bytes: Uint8Array, random: SeededRandom): AsyncGenerator<Uint8Array> {
  const size = random.pick([17, 4096, 65_536, 1 << 20]) + random.below(1000);
  const piece = new Uint8Array(size);
  for (let at = 0; at < bytes.length;) {
    const taken = Math.min(bytes.length - at, random.chance(0.05) ? 0 : 1 + random.below(size));
    piece.set(bytes.subarray(at, at + taken));
    yield piece.subarray(0, taken);
    at += taken;
  }
}

export const inBytes = (texts: ReadonlyMap<string, string>): StageFiles =>
  new Map([...texts].map(([name, text]) => [name, Buffer.from(text)]));

/** The bytes of the stage's chunk stream, and where its manifest lies in them. */
export async function sealedBytes(ledger: Ledger, stage: string) {
  const { seal } = await committed(ledger, stage);
  const parts: Uint8Array[] = [];
  for await (const { data } of ledger.store.readStream(seal.chunks.stream))
    if (typeof data !== "string") parts.push(data);
  return { payload: Buffer.concat(parts), manifest: seal.manifest };
}
