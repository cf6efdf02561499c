/** How long calls may take, in milliseconds: the client's own deadlines do not hold when a server falls silent. */
export interface CallLimits {
  /** One try of a call, and the longest silence while a read or a catch-up is under way. */
  readonly tryMs: number;
  /** All tries of a call together; also how long a subscription is tried again without any progress. */
  readonly totalMs: number;
  /** The wait before the second try; it doubles with every further one, up to eight times. */
  readonly pauseMs: number;
}

export const defaultLimits: CallLimits = { tryMs: 5000, totalMs: 30_000, pauseMs: 50 };

/** A call was not answered in its time, or its connection was given up: what became of it is not known. */
export class NoAnswerError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NoAnswerError";
  }
}

/**
 * The promise's outcome, if it comes in time and before the signal; the promise itself is left to end as it will.
 * @throws NoAnswerError otherwise.
 */
export async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const lost = () => reject(new NoAnswerError("the connection was given up"));
  const timer = setTimeout(() => reject(new NoAnswerError(`no answer within ${ms} ms`)), ms);
  signal.addEventListener("abort", lost);
  if (signal.aborted) lost();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", lost);
  }
}

/** The pause before the next try, with a random part, so that writers who failed together do not return together. */
export function pauseBefore(attempt: number, limits: CallLimits): number {
  return limits.pauseMs * 2 ** Math.min(attempt, 3) * (0.5 + Math.random() / 2);
}
