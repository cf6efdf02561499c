import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import type { AppendLoad, Contender } from "./contender.js";

const page = Buffer.alloc(4096);

/** What the disk allows: a page is written and brought to the disk for what writers append at once. */
export class RawSyncs implements Contender {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  append({ events, writers, batch }: AppendLoad): number {
    const start = performance.now();
    for (let at = 0; at < events / (writers * batch); at++) {
      writeSync(this.#file, page, 0, page.length, (at % 256) * page.length);
      fdatasyncSync(this.#file);
    }
    return events / ((performance.now() - start) / 1000);
  }

  close(): void {
    closeSync(this.#file);
  }
}
