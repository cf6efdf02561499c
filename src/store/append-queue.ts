import { dataBytes } from "./append-validation.js";
import type { AppendRequest, AppendResult } from "./event-store.js";

export interface WaitingAppend {
  readonly request: AppendRequest;
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What may wait to be committed: beyond it, writers are held, not refused. */
const waitingMax = 10_000;
const waitingBytesMax = 64 * 1024 * 1024;

/** What one transaction takes at most, in bytes of data, so that other processes get their turn. */
const groupBytesMax = 8 * 1024 * 1024;

/** Appends on their way to the next group commit. */
export class AppendQueue {
  #waiting: WaitingAppend[] = [];
  #bytes = 0;
  #held: (() => void)[] = [];

  /** `groupMax`: how many appends one transaction takes at most. */
  constructor(private readonly groupMax: number) {}

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves when there is room; `added` is called once the append waits, with the promise of its result. */
  async add(request: AppendRequest, added: () => unknown): Promise<AppendResult> {
    while (this.#waiting.length >= waitingMax || this.#bytes >= waitingBytesMax)
      await new Promise<void>((resolve) => this.#held.push(resolve));
    const bytes = request.events.reduce((sum, event) => sum + dataBytes(event), 0);
    const result = new Promise<AppendResult>((resolve, reject) => {
      this.#waiting.push({ request, bytes, resolve, reject });
    });
    this.#bytes += bytes;
    added();
    return await result;
  }

  /** The appends of the next transaction, in order of arrival. */
  takeGroup(): WaitingAppend[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: own } of this.#waiting) {
      if (count >= this.groupMax || (count > 0 && bytes + own > groupBytesMax)) break;
      bytes += own;
      count++;
    }
    const group = this.#waiting.splice(0, count);
    this.#bytes -= bytes;
    const held = this.#held;
    this.#held = [];
    for (const resume of held) resume();
    return group;
  }
}
