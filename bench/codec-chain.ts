/** Stages captured one after the other, each beside what the peers need for it after the one before. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Figures } from "./bench.js";
import type { CodecRun } from "./codec-pair.js";
import { filePeers } from "./file-peers.js";
import { GitRepository, gitPeer } from "./git-peer.js";
import { runPeer } from "./peer-process.js";
import { bytesOf, type StageFile } from "./stage-files.js";
import { inProcess } from "./stage-process.js";

interface Stage {
  readonly name: string;
  readonly files: readonly StageFile[];
}

/** What a peer's file needs beside its bytes: a name, a digest, a place. */
const peerFileBytes = 64;

/** The peers that know the file before. */
const comparedPeers = filePeers.filter(({ name }) => name === "zstd19" || name === "xdelta3");

export async function chainFigures(stages: readonly Stage[], run: CodecRun, asNumbers: boolean): Promise<Figures> {
  const store = join(run.folder, "ledger.db");
  const git = run.peers.has(gitPeer.name) ? new GitRepository(run.folder) : null;
  const figures: Figures = {};
  let before: Stage | null = null;
  let packBefore = 0;
  let won = 0;
  for (const stage of stages) {
    run.progress(`${stage.name}: ours`);
    const request = { store, stage: stage.name, files: stage.files };
    const { answer } = inProcess("capture", request);
    inProcess("compare", request);
    const peers = new Map<string, number>();
    for (const peer of comparedPeers) {
      if (!run.peers.has(peer.name)) continue;
      run.progress(`${stage.name}: ${peer.name}`);
      peers.set(peer.name, peerFileBytes * stage.files.length);
      for (const { name, path } of stage.files) {
        const packed = join(run.folder, "packed");
        const earlier = before?.files.find((file) => file.name === name)?.path ?? null;
        await runPeer(peer.pack({ file: path, before: earlier, packed }));
        peers.set(peer.name, peers.get(peer.name)! + statSync(packed).size);
      }
    }
    if (git) {
      run.progress(`${stage.name}: git`);
      await git.commit(stage.files);
      const pack = git.packBytes();
      peers.set(gitPeer.name, pack - packBefore + peerFileBytes * stage.files.length);
      packBefore = pack;
    }
    const ours = answer.storedBytes;
    const smallest = [...peers.values()].every((bytes) => ours < bytes);
    if (smallest) won++;
    const envelopes = ours - answer.files.reduce((sum, file) => sum + file.storedBytes, 0);
    const sizes = { raw: bytesOf(stage.files), ours, envelopes, level: answer.level, ...Object.fromEntries(peers) };
    if (asNumbers) {
      for (const [what, size] of Object.entries(sizes)) figures[`${stage.name}.${what}`] = size;
      figures[`${stage.name}.smallest`] = smallest ? "yes" : "no";
    } else {
      figures["stage"] ??= [...Object.keys(sizes), "smallest"].map((name) => name.padStart(12)).join("");
      const cells = [...Object.values(sizes).map((size) => size.toLocaleString("en-US")), smallest ? "yes" : "NO"];
      figures[stage.name] = cells.map((cell) => cell.padStart(12)).join("");
    }
    before = stage;
  }
  return { ...figures, stages: stages.length, smallestOf: won };
}
