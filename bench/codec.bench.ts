/**
 * How timing checkpoints are stored, beside the tools that pack files: bytes, speed both ways and memory.
 *
 *     npm run bench -- codec --input s0.rpt,s0.tsv --next s1.rpt,s1.tsv [--skip xz9,git] [--json]
 *     npm run bench -- codec --all FOLDER [--skip …] [--json]
 *
 * The first measures one stage stored whole and the next stored as changes against it; the files are listed in pairs.
 * The second captures every folder below FOLDER after the one before it, and compares sizes.
 */
import type { BenchArguments, Figures } from "./bench.js";
import { chainFigures } from "./codec-chain.js";
import { pairResults } from "./codec-pair.js";
import { codecFigures, lineHeading } from "./codec-table.js";
import { filePeers, isInstalled } from "./file-peers.js";
import { gitPeer } from "./git-peer.js";
import { pairedFiles, stagesIn } from "./stage-files.js";
import { inTemporaryFolder } from "./temporary-folder.js";

export async function bench({ input, next, all, skip = "" }: BenchArguments): Promise<Figures> {
  const asNumbers = process.argv.includes("--json");
  const skipped = new Set(skip.split(","));
  const peers = [...filePeers, gitPeer];
  const wanted = (peer: { readonly name: string; readonly tool: string }) =>
    !skipped.has(peer.name) && !skipped.has(peer.tool);
  const missing: Figures = {};
  for (const { tool, cure } of peers.filter(wanted))
    if (!isInstalled(tool)) missing[`missing ${tool}`] = `not on this machine: ${cure}`;
  const present = new Set(
    peers.filter((peer) => wanted(peer) && !(`missing ${peer.tool}` in missing)).map(({ name }) => name),
  );
  for (const [what, cure] of Object.entries(missing)) progress(`${what}: ${cure}`);

  return await inTemporaryFolder(async (folder) => {
    const run = { folder, peers: present, progress };
    if (all !== undefined) return { ...missing, ...(await chainFigures(stagesIn(all), run, asNumbers)) };
    if (!input || !next) throw new Error("--input FILE[,FILE…] --next FILE[,FILE…], or --all FOLDER");
    const figures = codecFigures(await pairResults(pairedFiles(input, next), run), asNumbers);
    return { ...missing, ...(asNumbers ? {} : { "stage kind coder": lineHeading }), ...figures };
  });
}

function progress(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
