/** How often a random property is tried: `CKPT_RUNS=10` ten times as often, `CKPT_SEED=7` with one seed alone. */
const times = Number(process.env["CKPT_RUNS"] ?? 1);
const onlySeed = process.env["CKPT_SEED"];

/** The same seeds in every run, or the one that is asked for. */
export const seedsFrom = (first: number, count: number): number[] =>
  onlySeed === undefined ? Array.from({ length: Math.ceil(count * times) }, (_, at) => first + at) : [Number(onlySeed)];

/** How long a test with that many runs may take, in milliseconds. */
export const runsTimeout = 60_000 * Math.max(1, times);
