import { createReadStream } from "node:fs";
import { constants, createZstdDecompress } from "node:zlib";
import { extract } from "tar-stream";

/** The reports of one step of the example design, as OpenSTA 3.1.0 printed them. */
export interface RecordedStage {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Eight steps of one session, in order, one in memory at a time. */
export async function* recordedStages(archive: URL): AsyncGenerator<RecordedStage> {
  const entries = extract();
  const unpack = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 31 } });
  createReadStream(archive)
    .on("error", (error) => entries.destroy(error))
    .pipe(unpack)
    .on("error", (error) => entries.destroy(error))
    .pipe(entries);
  let folder = "";
  let files: { name: string; bytes: Uint8Array }[] = [];
  for await (const entry of entries) {
    const [stage = "", name = ""] = entry.header.name.split("/");
    if (stage !== folder && files.length > 0) {
      yield { name: stageName(folder), files };
      files = [];
    }
    folder = stage;
    const parts: Uint8Array[] = [];
    for await (const bytes of entry) parts.push(bytes as Uint8Array);
    if (entry.header.type === "file") files.push({ name, bytes: Buffer.concat(parts) });
  }
  if (files.length > 0) yield { name: stageName(folder), files };
}

/** `s3_upsize` is the stage `upsize`. */
function stageName(folder: string): string {
  return folder.replace(/^s\d+_/, "");
}
