import { ThreadError } from "./threads/thread.js";

/** What was encoded does not come back as it was, or could not be encoded: a fault of the codec, found before anything is committed. */
export class NotSameError extends Error {
  constructor(
    readonly file: string,
    options?: ErrorOptions,
  ) {
    super(
      `${file} would not come back byte for byte; nothing was committed. Capture it with --plain, and report this`,
      options,
    );
    this.name = "NotSameError";
  }
}

/** What a thread fails at is the codec's fault. */
export async function blamingCodec<Result>(file: string, work: Promise<Result>): Promise<Result> {
  return await work.catch((cause: unknown) => {
    throw cause instanceof ThreadError ? new NotSameError(file, { cause }) : cause;
  });
}
