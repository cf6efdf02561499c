import type { NamedForm } from "../../../projections/stage-forms.js";
import { NotSameError } from "../../timing/not-same-error.js";
import { type EncodedFile, type PayloadSink, StageEncoder } from "../../timing/stage-encoder.js";
import type { ManifestFile } from "../../timing/stage-manifest.js";
import type { StageReader } from "../../timing/stage-reader.js";
import { type BaseForm, finishForm } from "../stage-form.js";

/** A form in memory. */
export interface EncodedForm {
  readonly form: Omit<NamedForm, "chunks">;
  /** As the manifest has them. */
  readonly files: readonly ManifestFile[];
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

export interface FormRequest {
  /** The stage, in any form. */
  readonly source: StageReader;
  /** What to lean on; null for a full stage. */
  readonly base: { readonly form: BaseForm; readonly reader: StageReader } | null;
  /** A form of more bytes than this is not wanted. */
  readonly bytesMax: number;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Encodes a stage anew, by the model, or by general compression where what the model coded would not come back. Every
 * file of the form has been read back, and is what was captured. Null if the form would be larger than wanted.
 */
export async function encodeForm(request: FormRequest): Promise<EncodedForm | null> {
  try {
    return await encodeAs(request, false);
  } catch (error) {
    if (!(error instanceof NotSameError)) throw error;
    return await encodeAs(request, true);
  }
}

async function encodeAs(
  { source, base, bytesMax, onBytes }: FormRequest,
  isPlain: boolean,
): Promise<EncodedForm | null> {
  const sink = new MemorySink();
  const encoder = new StageEncoder(sink, base?.reader ?? null, isPlain);
  const underWay: (readonly [ManifestFile, Promise<EncodedFile>])[] = [];
  const encoded = new Map<string, ManifestFile>();
  const { files } = source.manifest;
  try {
    for (const file of inCodingOrder(files)) {
      const text = takeWhile(source.stream(file.name), () => sink.bytes <= bytesMax);
      const coding = await encoder.encode(file.name, text, (piece) => onBytes(piece.length));
      if (sink.bytes > bytesMax) return null;
      underWay.push([file, coding.encoded]);
    }
    for (const [file, whole] of underWay) {
      const result = await whole;
      if (sink.bytes > bytesMax) return null;
      if (result.sha256 !== file.sha256) throw new Error(`${file.name} was read as another text than was captured`);
      encoded.set(file.name, { ...file, ...result });
    }
  } finally {
    await encoder.close();
  }
  const inOrder = files.map(({ name }) => encoded.get(name)!);
  const form = await finishForm(sink, inOrder, base?.form ?? null);
  return sink.bytes > bytesMax ? null : { form, files: inOrder, parts: sink.parts, bytes: sink.bytes };
}

/** Pin tables first, as they make the reports small; else as the files were coded before, which reads them fastest. */
function inCodingOrder(files: readonly ManifestFile[]): ManifestFile[] {
  const place = ({ blocks }: ManifestFile) => blocks[0]?.at ?? 0;
  const ordered = files.toSorted((one, other) => place(one) - place(other));
  const isTable = ({ kind }: ManifestFile) => kind === "pins";
  return [...ordered.filter(isTable), ...ordered.filter((file) => !isTable(file))];
}

async function* takeWhile<T>(source: AsyncIterable<T>, isWanted: () => boolean): AsyncGenerator<T> {
  for await (const item of source) {
    if (!isWanted()) return;
    yield item;
  }
}

class MemorySink implements PayloadSink {
  readonly parts: Uint8Array[] = [];
  bytes = 0;

  async write(bytes: Uint8Array): Promise<number> {
    const place = this.bytes;
    this.parts.push(bytes);
    this.bytes += bytes.length;
    return place;
  }
}
