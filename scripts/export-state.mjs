// Lets a kernel's whole state be kept and taken up again: exports every variable of a module beside its memory.
// Usage: node scripts/export-state.mjs MODULE.wasm
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "assemblyscript/binaryen";

const [path] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(path));
for (let index = 0; index < module.getNumGlobals(); index++) {
  const { name, mutable } = binaryen.getGlobalInfo(module.getGlobalByIndex(index));
  if (mutable) module.addGlobalExport(name, `state${index}`);
}
writeFileSync(path, module.emitBinary());
