import { readdirSync, statSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";

/** A file of a stage: what it is called there, and where it lies. */
export interface StageFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** The files of two stages, in the same order; those of the second are called as those of the first. */
export function pairedFiles(base: string, next: string): { base: StageFile[]; next: StageFile[] } {
  const [basePaths, nextPaths] = [base.split(","), next.split(",")];
  if (basePaths.length !== nextPaths.length)
    throw new Error(`--input names ${basePaths.length} files and --next ${nextPaths.length}: list them in pairs`);
  const names = basePaths.map((path) => basename(path));
  const named = (paths: readonly string[]) => paths.map((path, at) => stageFile(uniqueName(names, at), path));
  return { base: named(basePaths), next: named(nextPaths) };
}

/** Every folder below this one, sorted, as a stage with its files. */
export function stagesIn(folder: string): { readonly name: string; readonly files: readonly StageFile[] }[] {
  const entries = (path: string, what: "isFile" | "isDirectory") =>
    readdirSync(path)
      .filter((name) => statSync(join(path, name))[what]())
      .toSorted();
  return entries(folder, "isDirectory").map((name) => {
    const stage = join(folder, name);
    return { name, files: entries(stage, "isFile").map((file) => stageFile(file, join(stage, file))) };
  });
}

export const bytesOf = (files: readonly StageFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Not as a link: some tools take none. */
const stageFile = (name: string, path: string): StageFile => ({
  name,
  path: realpathSync(path),
  bytes: statSync(path).size,
});

const uniqueName = (names: readonly string[], at: number): string =>
  names.indexOf(names[at]!) === at ? names[at]! : `${at}-${names[at]}`;
