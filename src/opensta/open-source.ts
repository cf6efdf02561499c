import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import type { ByteSource } from "./byte-source.js";
import { FileSource } from "./file-source.js";
import { cannotRead, SourceError } from "./source-error.js";

/** What a name's ending says of how the text is packed. */
export type Container = "gz" | "zst" | null;

export function containerOf(path: string): Container {
  return path.endsWith(".gz") ? "gz" : path.endsWith(".zst") ? "zst" : null;
}

/** What is read at a time. */
const readBytes = 1 << 20;

/**
 * The text of a file: as it is, or unpacked by its ending (.gz, .zst, all members of them); `-` is standard input.
 * @throws SourceError while reading, if the file is not there, cannot be read, or ends too early.
 */
export function openSource(path: string, options: SourceOptions = {}): ByteSource {
  if (path === "-") return process.stdin as ByteSource;
  const container = options.unpack === false ? null : containerOf(path);
  return container === null ? new FileSource(path) : unpack(path, container, options.onPacked);
}

export interface SourceOptions {
  /** False: the bytes as they are, whatever the name's ending. */
  readonly unpack?: boolean;
  /** Sees the packed bytes as they are read. */
  readonly onPacked?: (bytes: Uint8Array) => void;
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
