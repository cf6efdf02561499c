/** Programs that pack a file, alone or against the one before it. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import type { PeerCommand } from "./peer-process.js";

export interface FilePeer {
  readonly name: string;
  readonly tool: string;
  /** How the tool comes to a Debian machine. */
  readonly cure: string;
  pack(files: PeerFiles): PeerCommand;
  unpack(files: PeerFiles): PeerCommand;
}

export interface PeerFiles {
  readonly file: string;
  /** The file before it; null if there is none. */
  readonly before: string | null;
  readonly packed: string;
}

/** `zstd -19 --patch-from` and xdelta3 as far as they go: the whole file before as window. */
export const filePeers: readonly FilePeer[] = [
  {
    name: "zstd19",
    tool: "zstd",
    cure: "apt-get install zstd",
    pack: ({ file, before, packed }) => ({
      command: "zstd",
      args: ["-19", "--long=31", "-q", "-f", ...patchFrom(before), "-o", packed, file],
    }),
    unpack: ({ before, packed }) => ({
      command: "zstd",
      args: ["-d", "--long=31", "-q", "-c", ...patchFrom(before), packed],
    }),
  },
  {
    name: "xdelta3",
    tool: "xdelta3",
    cure: "apt-get install xdelta3",
    pack: ({ file, before, packed }) => ({
      command: "xdelta3",
      args: ["-e", "-9", "-S", "djw", ...xdeltaWindow(before ?? file), "-f", ...xdeltaSource(before), file, packed],
    }),
    unpack: ({ before, packed }) => ({
      command: "xdelta3",
      args: ["-d", ...(before === null ? [] : xdeltaWindow(before)), "-c", ...xdeltaSource(before), packed],
    }),
  },
  alone("xz9", "xz", "apt-get install xz-utils", "-9"),
  alone("gzip9", "gzip", "apt-get install gzip", "-9"),
  alone("zstd3", "zstd", "apt-get install zstd", "-3"),
  alone("gzip6", "gzip", "apt-get install gzip", "-6"),
];

export function isInstalled(tool: string): boolean {
  return spawnSync(tool, [tool === "xdelta3" ? "-V" : "--version"], { stdio: "ignore" }).error === undefined;
}

function alone(name: string, tool: string, cure: string, level: string): FilePeer {
  return {
    name,
    tool,
    cure,
    pack: ({ file, packed }) => ({ command: tool, args: [level, "-c", "-q", file], output: packed }),
    unpack: ({ packed }) => ({ command: tool, args: ["-d", "-c", "-q", packed] }),
  };
}

const patchFrom = (before: string | null): string[] => (before === null ? [] : [`--patch-from=${before}`]);

const xdeltaSource = (before: string | null): string[] => (before === null ? [] : ["-s", before]);

/** Source window over the whole file, the largest input window that there is, and no bound on instructions. */
function xdeltaWindow(before: string): string[] {
  const source = Math.min(2 ** 31, Math.max(2 ** 26, 2 ** Math.ceil(Math.log2(statSync(before).size + 1))));
  return ["-B", String(source), "-W", String(2 ** 24), "-I", "0"];
}
