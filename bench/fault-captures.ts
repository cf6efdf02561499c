import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLedger, verify } from "../src/index.js";
import { newCommandKey } from "../src/ledger/command-key.js";
import type { Figures } from "./bench.js";

/** Tries of one capture. */
const captureTriesMax = 5;
const ckpt = fileURLToPath(new URL("../src/cli/ckpt.js", import.meta.url));

/** Captures of one file by `ckpt`, one after the other, until told to stop; one that fails is repeated with its key. */
export class FaultCaptures {
  readonly #folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  readonly #work: Promise<Figures>;
  #stopped = false;

  constructor(
    private readonly url: string,
    private readonly input: string,
  ) {
    this.#work = this.#run();
  }

  async stop(): Promise<Figures> {
    this.#stopped = true;
    return await this.#work;
  }

  end(): void {
    this.#stopped = true;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(): Promise<Figures> {
    const codes: number[] = [];
    let [done, repeated, lost] = [0, 0, 0];
    for (let stage = 0; !this.#stopped; stage++) {
      const key = newCommandKey(new Date());
      for (let tries = 1; ; tries++) {
        const code = await this.#capture(`s${stage}`, key);
        if (code === 0) break;
        codes.push(code);
        if (tries === 1) repeated++;
        if (tries === captureTriesMax) {
          lost++;
          break;
        }
      }
      done++;
    }
    const ledger = await openLedger(this.url, { folder: this.#folder });
    const { ok, events } = await verify(ledger);
    await ledger.close();
    const exits = codes.join(" ");
    return {
      captures: done,
      capturesRepeated: repeated,
      capturesLost: lost,
      exits,
      ledgerEvents: events,
      verifies: String(ok),
    };
  }

  async #capture(stage: string, key: string): Promise<number> {
    const args = [ckpt, "capture", "--design", "d", "--stage", stage, this.input, "--store", this.url, "--key", key];
    return await new Promise((resolve) => {
      const env = { ...process.env, CKPT_DIR: this.#folder };
      const child = execFile(process.execPath, args, { env }, (_error, _out, text) => {
        if (child.exitCode !== 0) process.stderr.write(`capture of ${stage} ended with ${child.exitCode}: ${text}\n`);
        resolve(child.exitCode ?? -1);
      });
    });
  }
}
