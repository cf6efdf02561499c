import { fstatSync } from "node:fs";
import type { ByteSource } from "./byte-source.js";
import { FileSource } from "./file-source.js";
import { PipeReader } from "./pipe-reader.js";
import { SourceError } from "./source-error.js";
import { DamagedError, type Packing, unpack } from "./unpack.js";

/** What a name's ending says of how the text is packed. */
export type Container = Packing | null;

export function containerOf(path: string): Container {
  return path.endsWith(".gz") ? "gz" : path.endsWith(".zst") ? "zst" : null;
}

/**
 * The text of a file: as it is, or unpacked by its ending (.gz, .zst, all members of them); `-` is standard input.
 * @throws SourceError while reading, if the file is not there, cannot be read, is damaged or ends too early. The text
 * before a damage has been delivered by then, and the message names the byte where it is.
 */
export function openSource(path: string, options: SourceOptions = {}): ByteSource {
  if (path === "-") return standardInput(options.signal);
  const container = options.unpack === false ? null : containerOf(path);
  return container === null ? new FileSource(path) : unpackFile(path, container, options.onPacked);
}

export interface SourceOptions {
  /** False: the bytes as they are, whatever the name's ending. */
  readonly unpack?: boolean;
  /** Sees the packed bytes as they are read; the buffer is used again. */
  readonly onPacked?: Watch;
  /** Ends the reading of a pipe, which may be silent for long, with the signal's reason. */
  readonly signal?: AbortSignal;
}

type Watch = (bytes: Uint8Array) => void;

/** Packed bytes that are unpacked at a time: what a damage may cost before it is looked at closely. */
const packedBytes = 1 << 14;

async function* unpackFile(path: string, packing: Packing, onPacked?: Watch): AsyncGenerator<Uint8Array> {
  let delivered = 0;
  try {
    for await (const text of unpack(piecesOf(path, packedBytes, Infinity, onPacked), packing)) {
      delivered += text.length;
      yield text;
    }
  } catch (cause) {
    if (!(cause instanceof DamagedError)) throw cause;
    if (cause.reason === "damaged") yield* beforeDamage(path, packing, { delivered, from: cause.packedAt });
    throw damaged(path, cause);
  }
}

/** Unpacks once more, the damaged piece byte by byte: the text that stands before the damage, and then its exact place. */
async function* beforeDamage(
  path: string,
  packing: Packing,
  { delivered, from }: { readonly delivered: number; readonly from: number },
): AsyncGenerator<Uint8Array> {
  let before = 0;
  try {
    for await (const text of unpack(piecesOf(path, packedBytes, from), packing)) {
      const fresh = text.subarray(Math.max(0, delivered - before));
      before += text.length;
      if (fresh.length > 0) yield fresh;
    }
  } catch (cause) {
    throw cause instanceof DamagedError ? damaged(path, cause) : cause;
  }
}

/** A file's bytes in pieces; byte by byte for one piece's length behind `closeFrom`. */
async function* piecesOf(path: string, size: number, closeFrom: number, onPacked?: Watch): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const bytes of new FileSource(path)) {
    onPacked?.(bytes);
    for (let from = 0; from < bytes.length;) {
      const step = at >= closeFrom && at < closeFrom + size ? 1 : Math.min(size, Math.max(1, closeFrom - at));
      const piece = bytes.subarray(from, from + step);
      yield piece;
      from += piece.length;
      at += piece.length;
    }
  }
}

function damaged(path: string, cause: DamagedError): SourceError {
  const { packedAt, textBytes, reason } = cause;
  const what = reason === "cut" ? `ends too early, at byte ${packedAt}` : `is damaged at byte ${packedAt}`;
  const message = `${path} ${what}; ${textBytes} bytes of its text were read`;
  return new SourceError(path, message, "Pack the file again, or capture it unpacked.", { cause });
}

/** What it is decides how it is read: a terminal, /dev/null and the like as Node reads them. */
function standardInput(signal?: AbortSignal): ByteSource {
  const input = fstatSync(0);
  if (input.isFile()) return new FileSource("/dev/stdin");
  const source = input.isFIFO() || input.isSocket() ? new PipeReader(0) : process.stdin;
  signal?.addEventListener("abort", () => source.destroy(signal.reason as Error), { once: true });
  return source;
}
