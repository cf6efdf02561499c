import { kernelMaker } from "../system/web-assembly.js";

interface Global {
  readonly value: number;
}

/** What src/kernels/hashing exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly nodesMax: Global;
  readonly nodes: Global;
  readonly hexText: Global;
  readonly readHex: (count: number) => void;
  readonly joinPairs: (first: number, pairs: number) => void;
}

/** Levels of a Merkle tree in WebAssembly: four nodes are hashed in the time that node:crypto takes for one. */
export interface HashingKernel extends Pick<Exports, "readHex" | "joinPairs"> {
  /** Nodes of one level at most. */
  readonly nodesMax: number;
  readonly nodes: Buffer;
  readonly hexText: Buffer;
}

const instantiate = kernelMaker<Exports>("hashing");
let kernel: HashingKernel | null = null;

/** Compiled when it is first asked for. */
export function hashingKernel(): HashingKernel {
  return (kernel ??= load());
}

function load(): HashingKernel {
  const { memory, nodesMax, nodes, hexText, readHex, joinPairs } = instantiate();
  return {
    nodesMax: nodesMax.value,
    // With the node that waited for its neighbour.
    nodes: Buffer.from(memory.buffer, nodes.value, (1 + nodesMax.value) * 32),
    hexText: Buffer.from(memory.buffer, hexText.value, nodesMax.value * 64),
    readHex,
    joinPairs,
  };
}
