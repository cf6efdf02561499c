import { BehaviorSubject, type Observable } from "rxjs";
import { processTimes } from "./process-cpu.js";

/**
 * What the tool is doing: `searching` while nothing is printed, which may last for minutes; `paused` when it waits for
 * whoever reads its output; `dead` when there is no child.
 */
export type ActivityState = "searching" | "printing" | "paused" | "idle" | "dead";

export interface Activity {
  readonly state: ActivityState;
  /** Since the command under way began; 0 if there is none. */
  readonly elapsedMs: number;
  /** Bytes that it has printed. */
  readonly bytes: number;
  /** CPU time that it has used. */
  readonly cpuMs: number;
  /** How long it has neither used CPU, nor printed, nor been paused by us: what a stuck child shows. */
  readonly quietMs: number;
}

/** What the heartbeat looks at while a command is under way. */
export interface WatchedCommand {
  readonly pid: number;
  bytes(): number;
  /** Whether nobody reads what it prints. */
  held(): boolean;
  /** Told of every beat. */
  onBeat?(activity: Activity): void;
}

const nothing = { elapsedMs: 0, bytes: 0, cpuMs: 0, quietMs: 0 };

/** Looks at the child a few times a second while a command is under way, and not at all otherwise. */
export class Heartbeat {
  readonly #activity = new BehaviorSubject<Activity>({ state: "dead", ...nothing });

  constructor(private readonly beatMs: number) {}

  get activity(): Observable<Activity> {
    return this.#activity.asObservable();
  }

  get current(): Activity {
    return this.#activity.value;
  }

  rest(state: "idle" | "dead"): void {
    if (this.current.state !== state) this.#activity.next({ state, ...nothing });
  }

  complete(): void {
    this.rest("dead");
    this.#activity.complete();
  }

  /** Begins to watch a command; the answer ends it. */
  watch(command: WatchedCommand): () => void {
    const startedAt = performance.now();
    let quietSince = startedAt;
    let cpuAtStart: number | null = null;
    let last = { cpuMs: 0, bytes: 0 };
    let looking = false;
    let over = false;
    const look = async () => {
      if (looking) return;
      looking = true;
      const times = await processTimes(command.pid);
      looking = false;
      if (over || !times) return;
      const now = performance.now();
      cpuAtStart ??= times.cpuMs;
      const cpuMs = times.cpuMs - cpuAtStart;
      const bytes = command.bytes();
      const works = cpuMs > last.cpuMs || times.waitsForDisk;
      const prints = bytes > last.bytes;
      const paused = !works && !prints && command.held();
      if (works || prints || paused) quietSince = now;
      last = { cpuMs, bytes };
      const state = paused ? "paused" : prints ? "printing" : "searching";
      const activity = { state, elapsedMs: now - startedAt, bytes, cpuMs, quietMs: now - quietSince } as const;
      this.#activity.next(activity);
      command.onBeat?.(activity);
    };
    this.#activity.next({ state: "searching", ...nothing });
    void look();
    const timer = setInterval(() => void look(), this.beatMs);
    return () => {
      over = true;
      clearInterval(timer);
      this.rest("idle");
    };
  }
}
