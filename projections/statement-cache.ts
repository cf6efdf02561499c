import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

export type Row = Record<string, string | number | bigint | null | Uint8Array>;

/** A database with its statements prepared once each. */
export class StatementCache {
  readonly #statements = new Map<string, StatementSync>();

  /** What projections remember of their own rows hangs on this object; it is another one once the rows may be others. */
  epoch: object = {};

  constructor(readonly database: DatabaseSync) {}

  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...parameters).changes);
  }

  /**
   * Runs a statement that has to change a row: what an event builds on may be missing, if that was parked.
   * @throws Error that names `subject`, if no row is changed.
   */
  change(subject: string, sql: string, ...parameters: SQLInputValue[]): void {
    if (this.run(sql, ...parameters) === 0) throw new Error(`${subject} is not in this read model`);
  }

  /** The first row, or undefined. */
  get<T = Row>(sql: string, ...parameters: SQLInputValue[]): T | undefined {
    return this.#prepared(sql).get(...parameters) as T | undefined;
  }

  all<T = Row>(sql: string, ...parameters: SQLInputValue[]): T[] {
    return this.#prepared(sql).all(...parameters) as T[];
  }

  /** After tables were dropped or renamed. */
  clear(): void {
    this.#statements.clear();
    this.forget();
  }

  /** After rows were written by other hands, or what was written was undone. */
  forget(): void {
    this.epoch = {};
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
