/** Distinct names by id, dense from 0. */
export interface Names {
  readonly size: number;
  /** The name as text; bytes that are no UTF-8 come out as U+FFFD. */
  text(id: number): string;
  /** The name as it is printed; good until more names are met. */
  bytes(id: number): Uint8Array;
}
