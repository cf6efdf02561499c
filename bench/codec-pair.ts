/** One stage stored whole and the next as changes against it: by us, then by every peer. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { FileResult } from "./codec-table.js";
import { type FilePeer, filePeers } from "./file-peers.js";
import { GitRepository, gitPeer } from "./git-peer.js";
import { runPeer } from "./peer-process.js";
import type { StageFile } from "./stage-files.js";
import { inProcess } from "./stage-process.js";

export interface CodecRun {
  readonly folder: string;
  /** Names of the peers to run. */
  readonly peers: ReadonlySet<string>;
  readonly progress: (text: string) => void;
}

type Stages = Readonly<Record<"base" | "next", readonly StageFile[]>>;
type Kinds = ReadonlyMap<string, string>;

const stageNames = ["base", "next"] as const;

export async function pairResults(stages: Stages, run: CodecRun): Promise<FileResult[]> {
  const { results, kinds } = oursOf(stages, run);
  results.push(...scannerOf(stages, kinds, run));
  for (const peer of filePeers) if (run.peers.has(peer.name)) results.push(...(await peerOf(peer, stages, kinds, run)));
  if (run.peers.has(gitPeer.name)) results.push(...(await gitOf(stages, kinds, run)));
  // By stage first, so that the lines of one stage stand together.
  return stageNames.flatMap((stage) => results.filter((result) => result.stage === stage));
}

function oursOf(stages: Stages, { folder, progress }: CodecRun): { results: FileResult[]; kinds: Kinds } {
  const store = join(folder, "ledger.db");
  const results: FileResult[] = [];
  const kinds = new Map<string, string>();
  for (const stage of stageNames) {
    const request = { store, stage, files: stages[stage] };
    progress(`ours: ${stage}`);
    const captured = inProcess("capture", request);
    const read = inProcess("read", request);
    inProcess("compare", request);
    const envelopes = captured.answer.storedBytes - sum(captured.answer.files.map((file) => file.storedBytes));
    for (const [at, file] of captured.answer.files.entries()) {
      if (stage === "base") kinds.set(file.name, file.kind);
      results.push({
        stage,
        coder: "ours",
        kind: kinds.get(file.name) ?? file.kind,
        rawBytes: file.rawBytes,
        bytes: file.storedBytes,
        packSeconds: null,
        unpackSeconds: read.answer[at]!.seconds,
        rssMb: Math.max(captured.rssMb, read.rssMb),
      });
    }
    // What belongs to no file: events around the chunks, the manifest, the seal, the design's stream.
    results.push({
      stage,
      coder: "ours",
      kind: "envelopes",
      rawBytes: 0,
      bytes: envelopes,
      packSeconds: captured.answer.seconds,
      unpackSeconds: 0,
      rssMb: null,
    });
    progress(`ours: ${stage}: capture ${captured.rssMb.toFixed(0)} MB, reading ${read.rssMb.toFixed(0)} MB of memory`);
  }
  return { results, kinds };
}

function scannerOf(stages: Stages, kinds: Kinds, { progress }: CodecRun): FileResult[] {
  progress("tokenizer");
  return stageNames.flatMap((stage) => {
    const { answer, rssMb } = inProcess("scan", { files: stages[stage] });
    return stages[stage].map(({ name, bytes }, at) => ({
      stage,
      coder: "tokenizer",
      kind: kinds.get(name)!,
      rawBytes: bytes,
      bytes: null,
      packSeconds: answer[at]!.seconds,
      unpackSeconds: null,
      rssMb,
    }));
  });
}

async function peerOf(peer: FilePeer, stages: Stages, kinds: Kinds, run: CodecRun): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const packed = join(run.folder, "packed");
  for (const stage of stageNames)
    for (const [at, { name, path, bytes }] of stages[stage].entries()) {
      run.progress(`${peer.name}: ${stage} ${name}`);
      const files = { file: path, before: stage === "base" ? null : stages.base[at]!.path, packed };
      const pack = await runPeer(peer.pack(files));
      const unpack = await runPeer(peer.unpack(files));
      results.push({
        stage,
        coder: peer.name,
        kind: kinds.get(name)!,
        rawBytes: bytes,
        bytes: statSync(packed).size,
        packSeconds: pack.seconds,
        unpackSeconds: unpack.seconds,
        rssMb: larger(pack.rssMb, unpack.rssMb),
      });
    }
  return results;
}

/** The second commit's bytes are what both take less what the first took alone; its time is that of packing both. */
async function gitOf(stages: Stages, kinds: Kinds, { folder, progress }: CodecRun): Promise<FileResult[]> {
  const repository = new GitRepository(folder);
  const results: FileResult[] = [];
  let packBefore = 0;
  let filesBefore: ReadonlyMap<string, number> = new Map();
  for (const stage of stageNames) {
    progress(`git: ${stage}`);
    const files = stages[stage];
    const rawBytes = sum(files.map((file) => file.bytes));
    const commit = await repository.commit(files);
    const pack = repository.packBytes();
    const inPack = repository.fileBytes();
    const own = (name: string) => (inPack.get(name) ?? 0) - (filesBefore.get(name) ?? 0);
    for (const { name, bytes } of files) {
      const read = await repository.read(name);
      results.push({
        stage,
        coder: gitPeer.name,
        kind: kinds.get(name)!,
        rawBytes: bytes,
        bytes: own(name),
        // git packs all at once: each file has its share by its bytes.
        packSeconds: (commit.seconds * bytes) / rawBytes,
        unpackSeconds: read.seconds,
        rssMb: larger(commit.rssMb, read.rssMb),
      });
    }
    results.push({
      stage,
      coder: gitPeer.name,
      kind: "envelopes",
      rawBytes: 0,
      bytes: pack - packBefore - sum(files.map(({ name }) => own(name))),
      packSeconds: 0,
      unpackSeconds: 0,
      rssMb: null,
    });
    packBefore = pack;
    filesBefore = inPack;
  }
  return results;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** The larger of those that are known. */
const larger = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : Math.max(a ?? 0, b ?? 0);
