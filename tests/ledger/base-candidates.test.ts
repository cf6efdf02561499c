import { describe, expect, it } from "vitest";
import { baseCandidates, type PossibleBase } from "../../src/ledger/compaction/base-candidates.js";

type Traits = Partial<Omit<PossibleBase, "files">> & { readonly files?: Readonly<Record<string, [string, number]>> };

/** A stage whose files are given by name, with digest and size. */
function stage(
  checkpointId: string,
  { files = { "max.rpt": [checkpointId, 1000] }, ...rest }: Traits = {},
): PossibleBase {
  const list = Object.entries(files).map(([name, [sha256, rawBytes]]) => ({ name, sha256, rawBytes }));
  const rawBytes = list.reduce((sum, each) => sum + each.rawBytes, 0);
  return { checkpointId, parent: null, rawBytes, level: 0, textBefore: 0, files: list, ...rest };
}

const stays = { mustMove: false, again: false };
const moves = { mustMove: true, again: false };

describe("the bases that are tried", () => {
  it("are none where the parent is the base already and nobody is nearer", () => {
    const chain = [stage("1"), stage("2", { parent: "1", level: 1 })];
    expect(baseCandidates({ ...stage("3", { parent: "2" }), base: "2" }, chain, stays)).toEqual([]);
  });

  it("begin with a stage that holds the same files, before one whose sizes are nearer", () => {
    const before = [
      stage("same", { files: { "max.rpt": ["x", 1000], "pins.tsv": ["y", 5000] } }),
      stage("near", { files: { "max.rpt": ["a", 1001], "pins.tsv": ["b", 9000] } }),
      stage("parent", { files: { "max.rpt": ["c", 2000] } }),
    ];
    const files = { "max.rpt": ["x", 1000], "pins.tsv": ["z", 9000] } as const;
    const own = { ...stage("own", { parent: "parent", files: { ...files } as never }), base: "parent" };
    expect(baseCandidates(own, before, stays)[0]).toBe("same");
  });

  it("hold the abandoned sibling", () => {
    const before = [stage("1"), stage("2", { parent: "1" })];
    expect(baseCandidates({ ...stage("3", { parent: "1" }), base: "1" }, before, stays)).toEqual(["2"]);
  });

  it("hold the present base first where its form changes, and are three at most", () => {
    const sizes = [1005, 1004, 1003, 1002, 1001, 1100];
    const before = sizes.map((size, at) => stage(String(at), { parent: "p", files: { "max.rpt": [`x${at}`, size] } }));
    const found = baseCandidates({ ...stage("own", { parent: "p" }), base: "5" }, before, moves);
    expect(found[0]).toBe("5");
    expect(found.length).toBeLessThanOrEqual(3);
  });

  it("have at most fifteen levels under them, and no more text than the stage is worth", () => {
    const deep = stage("deep", { level: 16 });
    const long = stage("long", { textBefore: 1e9 });
    const own = { ...stage("own", { parent: "deep" }), base: "deep" };
    expect(baseCandidates(own, [deep, long], moves)).toEqual([null]);
    expect(baseCandidates(own, [stage("15", { level: 15 }), deep], moves)).toEqual(["15"]);
    const large = stage("own", { parent: "long", files: { "max.rpt": ["o", 1e8] } });
    expect(baseCandidates({ ...large, base: null }, [long], stays)).toEqual(["long"]);
  });

  it("are none at all, a full stage, where no file of the base has a name of the stage's", () => {
    const other = stage("1", { files: { "other.v": ["v", 10] } });
    expect(baseCandidates({ ...stage("2", { parent: "1" }), base: "1" }, [other], stays)).toEqual([null]);
  });
});
