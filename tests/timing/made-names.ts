/** Instance names as netlists have them: plain, deep, with brackets, backslashes, slashes, quotes, and beyond ASCII. */
import type { SeededRandom } from "./seeded-random.js";

const oddForms: readonly ((number: number) => string)[] = [
  (number) => `hier[0].sub/reg/with.slash[${number}]`,
  (number) => `end{point}#${number}`,
  (number) => `and"quote"${number}`,
  (number) => `out$%^&*${number}`,
  (number) => String.raw`cnt[${number}][0]\\DFFSR`,
  (number) => `größe_${number}`,
  (number) => `信号[${number}]`,
  (number) => `$abc$techmap$${number}`,
  (number) => `a${"/very_long_module_name".repeat(8)}/_${number}_`,
  (number) => `${number}`,
  (number) => `_${number}_(x)`,
];

/** How the instances of one design are called. */
export class MadeNames {
  #last: number;
  readonly #odd: number;

  constructor(private readonly random: SeededRandom) {
    this.#last = random.below(10_000);
    this.#odd = random.pick([0, 0.02, 0.3, 1]);
  }

  /** A name that no other instance has; `module` goes before it. */
  instance(module: string): string {
    this.#last++;
    const own = this.random.chance(this.#odd) ? this.random.pick(oddForms)(this.#last) : `_${this.#last}_`;
    return `${module}${own}`;
  }

  /** The names of clocks may hold spaces. */
  clock(at: number): string {
    return this.random.pick([`clk_${"abcdefgh"[at % 8]}${at}`, `clk main ${at}`, `host clk/${at}`, `err[div${at}]`]);
  }
}
