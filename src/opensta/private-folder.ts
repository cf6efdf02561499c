import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./at-exit.js";

/** A folder that only this user can enter, gone when it is removed or the process exits. */
export class PrivateFolder {
  readonly #forget: () => void;

  private constructor(readonly path: string) {
    this.#forget = atExit(() => rmSync(path, { recursive: true, force: true }));
  }

  static async make(): Promise<PrivateFolder> {
    return new PrivateFolder(await mkdtemp(join(tmpdir(), "ckpt-sta-")));
  }

  async remove(): Promise<void> {
    this.#forget();
    await rm(this.path, { recursive: true, force: true });
  }
}
