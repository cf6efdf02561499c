/** A file that cannot be read to its end. */
export class SourceError extends Error {
  constructor(
    readonly path: string,
    message: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "SourceError";
  }
}

/** The refusal for what the system said when the file was opened or read. */
export function cannotRead(path: string, cause: unknown): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return new SourceError(path, `there is no file ${path}`, "Check the name.", { cause });
  if (code === "EISDIR") return new SourceError(path, `${path} is a folder`, "Name its files.", { cause });
  return new SourceError(path, `${path} cannot be read: ${message}`, "Check that you may read it.", { cause });
}
