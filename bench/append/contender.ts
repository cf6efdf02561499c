/** What a store is given to write. */
export interface AppendLoad {
  readonly events: number;
  /** Each appends to a stream of its own, one append after the other. */
  readonly writers: number;
  /** Events an append. */
  readonly batch: number;
  /** Number of the first writer, from 1: other numbers are other streams. */
  readonly firstWriter: number;
}

/** An open store that can be measured beside others. */
export interface Contender {
  /** Writes the events and answers how many it acknowledged a second. */
  append(load: AppendLoad): Promise<number> | number;
  close(): Promise<void> | void;
}
