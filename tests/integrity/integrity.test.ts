import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEventHash, sealMetadata } from "../../src/integrity/event-hash.js";
import { merkleRoot, MerkleTree } from "../../src/integrity/merkle-tree.js";

/** RFC 6962, section 2.1, word for word and slow. */
function oracle(leaves: readonly string[]): string {
  const sha = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const root = (list: readonly Buffer[]): Buffer => {
    if (list.length === 0) return sha();
    if (list.length === 1) return list[0]!;
    let split = 1;
    while (split * 2 < list.length) split *= 2;
    return sha(Buffer.from([1]), root(list.slice(0, split)), root(list.slice(split)));
  };
  return root(leaves.map((leaf) => Buffer.from(leaf, "hex"))).toString("hex");
}

const leaves = (count: number) =>
  Array.from({ length: count }, (_, at) => createHash("sha256").update(String(at)).digest("hex"));

describe("the Merkle tree", () => {
  it("has RFC 6962's root at every size", () => {
    for (let size = 0; size <= 70; size++) expect(merkleRoot(leaves(size))).toBe(oracle(leaves(size)));
  });

  it("goes on from its text where it stopped", () => {
    const tree = new MerkleTree();
    for (const [at, leaf] of leaves(37).entries()) {
      const again = MerkleTree.parse(tree.serialize());
      expect(again.head()).toBe(tree.head());
      again.append(leaf);
      tree.append(leaf);
      expect(again.head()).toBe(`${at + 1}-${oracle(leaves(at + 1))}`);
    }
    expect(() => MerkleTree.parse("3:00")).toThrow("no serialized");
  });

  it("has that root however many leaves come between two looks at it", () => {
    const all = leaves(3300);
    const looks = fc.uniqueArray(fc.oneof(fc.nat({ max: 3300 }), fc.constantFrom(1023, 1024, 1025, 2047, 2048, 2049)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(looks, fc.boolean(), (sizes, keepsText) => {
        let tree = new MerkleTree();
        for (const size of sizes.toSorted((one, other) => one - other)) {
          for (const leaf of all.slice(tree.size, size)) tree.append(leaf);
          expect(tree.head()).toBe(`${size}-${oracle(all.slice(0, size))}`);
          if (keepsText) tree = MerkleTree.parse(tree.serialize());
        }
      }),
      { numRuns: 40 },
    );
  });

  it("counts zeros for a leaf that is no SHA-256 in lower-case hex", () => {
    const zeros = "00".repeat(32);
    const [one, other] = leaves(2);
    for (const odd of [
      "",
      "0",
      "g".repeat(64),
      `${"0".repeat(63)}/`,
      `:${"0".repeat(63)}`,
      `${one}00`,
      `\u0131${"0".repeat(63)}`,
      `\0${one!.slice(1)}`,
    ])
      expect(merkleRoot([one!, odd, other!])).toBe(oracle([one!, zeros, other!]));
  });
});

describe("an event's hash", () => {
  const event = {
    id: "01980000-0000-7000-8000-000000000001",
    stream: "design-lane",
    revision: 0,
    type: "Noted",
    data: '{"n":1}',
  };

  it("is the one of the test vectors in docs/integrity.md", () => {
    const doc = readFileSync(new URL("../../docs/integrity.md", import.meta.url), "utf8");
    const vectors = JSON.parse(/```json vectors\n([\s\S]*?)```/.exec(doc)![1]!) as {
      events: { event: typeof event; fields: Record<string, unknown>; prev?: string | null; metadata: string }[];
      trees: { leaves: string[]; head: string }[];
    };
    expect(vectors.events.length).toBeGreaterThan(1);
    for (const { event: given, fields, prev, metadata } of vectors.events) {
      const data =
        typeof given.data === "string" ? given.data : Buffer.from((given.data as { hex: string }).hex, "hex");
      expect(sealMetadata({ ...given, data }, fields, prev).metadata).toBe(metadata);
      expect(checkEventHash({ ...given, data, metadata })).toBeNull();
    }
    for (const { leaves: given, head } of vectors.trees) expect(`${given.length}-${merkleRoot(given)}`).toBe(head);
  });

  it("notices any changed bit of id, stream, revision, type, data or metadata, and never throws", () => {
    const { metadata } = sealMetadata(event, { version: 1, at: "2026-01-01T00:00:00.000Z" }, null);
    const whole = { ...event, metadata };
    expect(checkEventHash(whole)).toBeNull();
    const texts = ["id", "stream", "type", "data", "metadata"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.integer({ min: 0, max: 6 }), (field, place, bit) => {
        const bytes = Buffer.from(whole[field]);
        bytes[place % bytes.length]! ^= 1 << bit;
        expect(checkEventHash({ ...whole, [field]: bytes.toString("utf8") })).not.toBeNull();
      }),
      { numRuns: 500 },
    );
    expect(checkEventHash({ ...whole, revision: 1 })).not.toBeNull();
    for (const broken of ["", "{", "null", "[]", '{"hash":1}'])
      expect(checkEventHash({ ...whole, metadata: broken })).not.toBeNull();
  });
});
