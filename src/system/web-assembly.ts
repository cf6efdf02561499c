import { readFileSync } from "node:fs";

/** What is used of the WebAssembly interface, which TypeScript declares only for browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/**
 * Makes instances of a kernel of src/kernels, each with a memory of its own; it is compiled with the first.
 * @example const instantiate = kernelMaker<ReportKernel>("report");
 */
export function kernelMaker<Exports>(name: string): () => Exports {
  let compiled: object | undefined;
  return () => {
    compiled ??= new WebAssembly.Module(readFileSync(kernelFile(name)));
    return new WebAssembly.Instance(compiled).exports as Exports;
  };
}

export function kernelFile(name: string): URL {
  return new URL(`../kernels/${name}.wasm`, import.meta.url);
}
