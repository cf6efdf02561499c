// tsc writes files without the executable bit; `npx ckpt` needs it.
import { chmodSync } from "node:fs";

chmodSync("dist/src/cli/ckpt.js", 0o755);
