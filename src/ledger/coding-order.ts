import { type ByteSource, isByteReader } from "../opensta/byte-source.js";
import { formOf } from "../timing/file-form.js";

/** Files whose beginning is read before any of them is read on: each is open until its turn comes. */
const openMax = 64;

interface OrderedFile {
  readonly source: ByteSource;
  readonly container?: unknown;
}

/**
 * The same files with the pin tables in front: what is known of the pins makes the reports small. Only files are looked
 * at, and only the first of many; the others follow as they are. A stream is not: one may wait for another's end.
 */
export async function pinTablesFirst<File extends OrderedFile>(files: readonly File[]): Promise<File[]> {
  const looked = await Promise.all(
    files
      .slice(0, openMax)
      .map(async (file) =>
        isByteReader(file.source) || file.container !== undefined ? await lookAt(file) : { file, form: "plain" },
      ),
  );
  const isTable = ({ form }: { readonly form: string }) => form === "pins";
  return [
    ...looked.filter(isTable).map(({ file }) => file),
    ...looked.filter((each) => !isTable(each)).map(({ file }) => file),
    ...files.slice(openMax),
  ];
}

async function lookAt<File extends OrderedFile>(file: File) {
  const pieces = file.source[Symbol.asyncIterator]();
  const first = await pieces.next().catch((cause: unknown) => ({ cause }));
  if ("cause" in first) return { file: { ...file, source: failing(first.cause) }, form: "plain" };
  const form = first.done ? "plain" : formOf(first.value);
  return { file: { ...file, source: first.done ? empty() : resumed(first.value, pieces) }, form };
}

/** What went wrong with a file is told when its turn comes. */
async function* failing(cause: unknown): AsyncGenerator<Uint8Array> {
  yield* empty();
  throw cause;
}

async function* empty(): AsyncGenerator<Uint8Array> {}

async function* resumed(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
