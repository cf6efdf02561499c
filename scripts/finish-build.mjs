// What tsc leaves to do: `npx ckpt` needs the executable bit, and the kernels are loaded from beside the code.
import { chmodSync, cpSync, mkdirSync, readdirSync } from "node:fs";

chmodSync("dist/src/cli/ckpt.js", 0o755);
mkdirSync("dist/src/kernels", { recursive: true });
for (const name of readdirSync("src/kernels").filter((each) => each.endsWith(".wasm")))
  cpSync(`src/kernels/${name}`, `dist/src/kernels/${name}`);
