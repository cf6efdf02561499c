import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import type { ByteSource } from "./byte-source.js";

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

/** What a name's ending says of how the text is packed. */
export type Container = "gz" | "zst" | null;

export function containerOf(path: string): Container {
  return path.endsWith(".gz") ? "gz" : path.endsWith(".zst") ? "zst" : null;
}

const readBytes = 1 << 20;

/**
 * The text of a file: as it is, or unpacked by its ending (.gz, .zst, all members of them); `-` is standard input.
 * @throws SourceError while reading, if the file is not there, cannot be read, or ends too early.
 */
export function openSource(path: string, options: SourceOptions = {}): ByteSource {
  if (path === "-") return process.stdin as ByteSource;
  const container = options.unpack === false ? null : containerOf(path);
  return container === null ? readFile(path) : unpack(path, container, options.onPacked);
}

export interface SourceOptions {
  /** False: the bytes as they are, whatever the name's ending. */
  readonly unpack?: boolean;
  /** Sees the packed bytes as they are read. */
  readonly onPacked?: (bytes: Uint8Array) => void;
}

/** Reads into two buffers in turn: while one is consumed the other fills. */
async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw cannotRead(path, cause);
  });
  try {
    const buffers = [Buffer.allocUnsafe(readBytes), Buffer.allocUnsafe(readBytes)] as const;
    const read = (turn: number) => file.read(buffers[turn % 2 === 0 ? 0 : 1], 0, readBytes, null);
    let next = read(0);
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next.catch((cause: unknown) => {
        throw cannotRead(path, cause);
      });
      if (bytesRead === 0) return;
      next = read(turn);
      next.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* unpack(
  path: string,
  container: "gz" | "zst",
  onPacked?: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: readBytes });
  if (onPacked) file.on("data", (bytes) => onPacked(bytes as Buffer));
  const options = { chunkSize: readBytes };
  const text: Readable =
    container === "gz"
      ? file.pipe(createGunzip(options))
      : file.pipe(createZstdDecompress({ ...options, params: { [constants.ZSTD_d_windowLogMax]: 31 } }));
  file.on("error", (error) => text.destroy(error));
  try {
    yield* text as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall) throw cannotRead(path, cause);
    throw new SourceError(
      path,
      `${path} is damaged or ends too early`,
      "Pack the file again, or capture it unpacked.",
      { cause },
    );
  } finally {
    file.destroy();
  }
}

function cannotRead(path: string, cause: unknown): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return new SourceError(path, `there is no file ${path}`, "Check the name.", { cause });
  if (code === "EISDIR") return new SourceError(path, `${path} is a folder`, "Name its files.", { cause });
  return new SourceError(path, `${path} cannot be read: ${message}`, "Check that you may read it.", { cause });
}
