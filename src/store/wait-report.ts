/** Told every second while something waits for another process. */
export interface WaitReport {
  readonly waitedMs: number;
  readonly what: string;
}
