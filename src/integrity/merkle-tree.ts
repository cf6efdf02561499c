/**
 * The Merkle tree of RFC 6962, grown leaf by leaf. Leaves come as their hashes (event-hash.ts makes them); an inner
 * node is SHA-256(0x01 ‖ left ‖ right). Only the roots of the perfect subtrees are kept: log2(size) hashes.
 */
import { hash } from "node:crypto";

export class MerkleTree {
  /** Roots of the perfect subtrees, largest first: one for each bit of the size. */
  #roots: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes a leaf's hash in hex; what is no SHA-256 counts as zeros. */
  append(leafHash: string): void {
    let node: Buffer = Buffer.from(leafHash, "hex");
    if (node.length !== hashBytes) node = Buffer.alloc(hashBytes);
    for (let size = this.#size; size & 1; size = Math.floor(size / 2)) node = parentOf(this.#roots.pop()!, node);
    this.#roots.push(node);
    this.#size++;
  }

  /** Root of all leaves so far, in hex; of none: the SHA-256 of nothing. */
  root(): string {
    if (this.#size === 0) return hash("sha256", "");
    return this.#roots.reduceRight((right, left) => parentOf(left, right)).toString("hex");
  }

  /** `<size>-<root>`: what people and `--expect-head` cite. */
  head(): string {
    return `${this.#size}-${this.root()}`;
  }

  /** The tree as text, to go on from later. */
  serialize(): string {
    return `${this.#size}:${Buffer.concat(this.#roots).toString("hex")}`;
  }

  /** @throws Error if the text was not made by `serialize`. */
  static parse(text: string): MerkleTree {
    const [, size, roots] = /^(\d+):((?:[0-9a-f]{64})*)$/.exec(text) ?? [];
    const tree = new MerkleTree();
    tree.#size = Number(size);
    tree.#roots = (roots?.match(/.{64}/g) ?? []).map((root) => Buffer.from(root, "hex"));
    if (size === undefined || tree.#roots.length !== bitsSet(tree.#size))
      throw new Error("this is no serialized Merkle tree");
    return tree;
  }
}

/** Root over a list of leaf hashes. */
export function merkleRoot(leafHashes: readonly string[]): string {
  const tree = new MerkleTree();
  for (const leaf of leafHashes) tree.append(leaf);
  return tree.root();
}

const hashBytes = 32;
const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 1);

function parentOf(left: Buffer, right: Buffer): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return hash("sha256", nodeInput, "buffer");
}

function bitsSet(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
