/**
 * The Merkle tree of RFC 6962, grown leaf by leaf. Leaves come as their hashes (event-hash.ts makes them); an inner
 * node is SHA-256(0x01 ‖ left ‖ right). Only the roots of the perfect subtrees are kept: log2(size) hashes. Leaves are
 * taken in many at a time, a level of the tree after the other.
 */
import { hash } from "node:crypto";
import { hashingKernel } from "./hashing-kernel.js";

export class MerkleTree {
  /** Roots of the perfect subtrees, largest first: one for each bit of the number of leaves that are taken in. */
  #roots: Buffer[] = [];
  #taken = 0;
  /** Leaves that are not taken in yet, in hex. */
  #waiting: string[] = [];

  get size(): number {
    return this.#taken + this.#waiting.length;
  }

  /** Takes a leaf's hash in lower-case hex; what is no SHA-256 counts as zeros. */
  append(leafHash: string): void {
    this.#waiting.push(leafHash.length === noHash.length ? leafHash : noHash);
    if (this.#waiting.length === waitingMax) this.#takeWaiting();
  }

  /** Root of all leaves so far, in hex; of none: the SHA-256 of nothing. */
  root(): string {
    this.#takeWaiting();
    if (this.#taken === 0) return hash("sha256", "");
    return this.#roots.reduceRight((right, left) => parentOf(left, right)).toString("hex");
  }

  /** `<size>-<root>`: what people and `--expect-head` cite. */
  head(): string {
    return `${this.size}-${this.root()}`;
  }

  /** The tree as text, to go on from later. */
  serialize(): string {
    this.#takeWaiting();
    return `${this.#taken}:${Buffer.concat(this.#roots).toString("hex")}`;
  }

  /** @throws Error if the text was not made by `serialize`. */
  static parse(text: string): MerkleTree {
    const [, size, roots] = /^(\d+):((?:[0-9a-f]{64})*)$/.exec(text) ?? [];
    const tree = new MerkleTree();
    tree.#taken = Number(size);
    tree.#roots = (roots?.match(/.{64}/g) ?? []).map((root) => Buffer.from(root, "hex"));
    if (size === undefined || tree.#roots.length !== bitsSet(tree.#taken))
      throw new Error("this is no serialized Merkle tree");
    return tree;
  }

  #takeWaiting(): void {
    const leaves = this.#waiting;
    if (leaves.length === 0) return;
    const { nodes, hexText, readHex, joinPairs } = hashingKernel();
    hexText.write(asciiOf(leaves), "latin1");
    readHex(leaves.length);
    const odd: Buffer[] = [];
    // On each level, what is new lies from node 1 on; before it comes what has waited there for its neighbour.
    for (let fresh = leaves.length, before = this.#taken; fresh > 0; before = Math.floor(before / 2)) {
      const first = before % 2 === 1 ? 0 : 1;
      if (first === 0) nodes.set(this.#roots.pop()!);
      const pairs = (fresh + 1 - first) >> 1;
      if ((fresh + 1 - first) % 2 === 1) odd.push(Buffer.from(nodeAt(nodes, fresh)));
      joinPairs(first, pairs);
      fresh = pairs;
    }
    this.#roots.push(...odd.toReversed());
    this.#taken += leaves.length;
    this.#waiting = [];
  }
}

/** Root over a list of leaf hashes. */
export function merkleRoot(leafHashes: readonly string[]): string {
  const tree = new MerkleTree();
  for (const leaf of leafHashes) tree.append(leaf);
  return tree.root();
}

const hashBytes = 32;
const noHash = "00".repeat(hashBytes);
const waitingMax = 1024;

/** The leaves' text, zeros for those that would not be themselves in a byte a character. */
function asciiOf(leaves: readonly string[]): string {
  const text = leaves.join("");
  const isAscii = (part: string) => Buffer.byteLength(part) === part.length;
  return isAscii(text) ? text : leaves.map((leaf) => (isAscii(leaf) ? leaf : noHash)).join("");
}

function nodeAt(nodes: Buffer, index: number): Buffer {
  return nodes.subarray(index * hashBytes, (index + 1) * hashBytes);
}

function parentOf(left: Buffer, right: Buffer): Buffer {
  return hash("sha256", Buffer.concat([one, left, right]), "buffer");
}

const one = Buffer.of(1);

function bitsSet(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
