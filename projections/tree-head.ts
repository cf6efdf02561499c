import { MerkleTree } from "../src/integrity/merkle-tree.js";
import type { Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

/** The Merkle tree over the log's chained events, grown by one leaf an event: its size and its head. */
export const treeHead: Projection = {
  name: "tree-head",
  version: 1,
  ordered: "log",
  tables: ["rm_tree"],
  schema: [`CREATE TABLE rm_tree (one INTEGER PRIMARY KEY CHECK (one = 1), tree TEXT NOT NULL)`],
  queryIndices: [],
  apply(tables, events) {
    const tree = trees.get(tables.epoch) ?? readTree(tables);
    for (const { hash } of events) tree.append(hash);
    trees.set(tables.epoch, tree);
    tables.run(`INSERT OR REPLACE INTO rm_tree VALUES (1, ?)`, tree.serialize());
  },
};

/** The tree as last written. */
const trees = new WeakMap<object, MerkleTree>();

/** The log's tree head, `<size>-<hex>`. */
export function ledgerHead(tables: StatementCache): string {
  return readTree(tables).head();
}

function readTree(tables: StatementCache): MerkleTree {
  const row = tables.get<{ tree: string }>(`SELECT tree FROM rm_tree`);
  return row ? MerkleTree.parse(row.tree) : new MerkleTree();
}
