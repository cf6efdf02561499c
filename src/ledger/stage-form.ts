import type { NamedForm } from "../../projections/stage-forms.js";
import type { PayloadSink } from "../timing/stage-encoder.js";
import { encodeManifest, type ManifestFile } from "../timing/stage-manifest.js";

/** A form that another can lean on: whose it is, and all that the other one's seal says of it. */
export interface BaseForm extends Pick<NamedForm, "level" | "chainBytes"> {
  readonly checkpointId: string;
  readonly stream: string;
}

/** Writes the manifest behind the blocks of all files, and tells what the stage's form is, but for its chunks. */
export async function finishForm(
  sink: PayloadSink,
  files: readonly ManifestFile[],
  base: BaseForm | null,
): Promise<Omit<NamedForm, "chunks">> {
  const manifest = await encodeManifest({ version: 2, files: [...files] });
  const at = await sink.write(manifest);
  return {
    manifest: { at, bytes: manifest.length },
    base: base?.checkpointId ?? null,
    baseStream: base?.stream ?? null,
    level: base ? base.level + 1 : 0,
    chainBytes: (base?.chainBytes ?? 0) + at + manifest.length,
  };
}

/** A file as seals list it: without its blocks. */
export function withoutBlocks({ blocks: _, ...file }: ManifestFile): Omit<ManifestFile, "blocks"> {
  return file;
}
