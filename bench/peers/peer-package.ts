import { createRequire } from "node:module";
import { UnfitInputError } from "../unfit-input.js";

/** The bench folder has packages of its own, which the project's `npm ci` does not install. */
const require = createRequire(new URL("../../../bench/package.json", import.meta.url));

/**
 * Loads a package from `bench/node_modules`.
 * @throws UnfitInputError saying how to install it.
 */
export function peerPackage(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    throw new UnfitInputError(`${name} cannot be loaded; install the peers with: npm ci --prefix bench`, { cause });
  }
}
