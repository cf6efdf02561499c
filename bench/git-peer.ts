/** git as a store of stages: a commit each, packed as hard as it can. */
import { execFileSync } from "node:child_process";
import { constants, copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type PeerRun, runPeer } from "./peer-process.js";
import type { StageFile } from "./stage-files.js";

export const gitPeer = { name: "git", tool: "git", cure: "apt-get install git" } as const;

const environment = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "bench",
  GIT_AUTHOR_EMAIL: "bench@localhost",
  GIT_COMMITTER_NAME: "bench",
  GIT_COMMITTER_EMAIL: "bench@localhost",
};

export class GitRepository {
  readonly #tree: string;
  #started = false;

  constructor(folder: string) {
    this.#tree = join(folder, "git");
    mkdirSync(this.#tree);
  }

  /** Commits the files as all there is, and packs; answers what add, commit and gc took together. */
  async commit(files: readonly StageFile[]): Promise<PeerRun> {
    if (!this.#started) {
      await this.#git("init", "-q");
      await this.#git("config", "gc.auto", "0");
      this.#started = true;
    }
    for (const name of readdirSync(this.#tree)) if (name !== ".git") rmSync(join(this.#tree, name));
    for (const { name, path } of files) copyFileSync(path, join(this.#tree, name), constants.COPYFILE_FICLONE);
    const runs = [
      await this.#git("add", "-A"),
      await this.#git("commit", "-q", "--allow-empty", "-m", "stage"),
      await this.#git("gc", "-q", "--aggressive", "--prune=now"),
    ];
    return {
      seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
      rssMb: Math.max(...runs.map(({ rssMb }) => rssMb ?? 0)) || null,
    };
  }

  /** Bytes of the pack. */
  packBytes(): number {
    return this.#packs(".pack").reduce((sum, path) => sum + statSync(path).size, 0);
  }

  /** Bytes that the versions of each file take in the pack; commits and trees are not among them. */
  fileBytes(): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const path of this.#packs(".idx"))
      for (const line of this.#read("verify-pack", "-v", path).split("\n")) {
        const [id, kind, , packed] = line.split(/\s+/);
        if (id && kind === "blob") sizes.set(id, Number(packed));
      }
    const files = new Map<string, number>();
    for (const line of this.#read("-c", "core.quotePath=false", "rev-list", "--objects", "HEAD").split("\n")) {
      const size = sizes.get(line.slice(0, 40));
      const name = line.slice(41);
      if (size !== undefined) files.set(name, (files.get(name) ?? 0) + size);
    }
    return files;
  }

  /** Gives a file of the last commit back. */
  async read(name: string): Promise<PeerRun> {
    return await this.#git("cat-file", "blob", `HEAD:${name}`);
  }

  async #git(...args: string[]): Promise<PeerRun> {
    return await runPeer({ command: "git", args, folder: this.#tree, environment });
  }

  #read(...args: string[]): string {
    const env = { ...process.env, ...environment };
    return execFileSync("git", args, { cwd: this.#tree, env, encoding: "utf8", maxBuffer: 1 << 28 });
  }

  #packs(ending: string): string[] {
    const folder = join(this.#tree, ".git", "objects", "pack");
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name));
  }
}
