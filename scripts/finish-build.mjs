// What tsc leaves to do: `npx ckpt` needs the executable bit, and a link where npx looks first, or it builds the package
// anew; the kernels are loaded from beside the code.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";

chmodSync("dist/src/cli/ckpt.js", 0o755);
if (existsSync("node_modules/.bin") && !existsSync("node_modules/.bin/ckpt"))
  symlinkSync("../../dist/src/cli/ckpt.js", "node_modules/.bin/ckpt");
mkdirSync("dist/src/kernels", { recursive: true });
for (const name of readdirSync("src/kernels").filter((each) => each.endsWith(".wasm")))
  cpSync(`src/kernels/${name}`, `dist/src/kernels/${name}`);
