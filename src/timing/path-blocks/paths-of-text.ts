import type { PathColumns, Run } from "../../opensta/path-columns.js";
import { ReportScanner } from "../../opensta/report-scanner.js";
import { Slabs } from "../../opensta/slabs.js";

/** What one block holds at most; a path with more rows has a block of its own. */
const blockPaths = 128;
const blockRows = 1 << 14;

/** What is read between two looks at the paths that are ready. */
const pieceBytes = 1 << 20;

/** Copies of all paths of a report in its order, a block at a time; each is good until the next one is asked for. */
export async function* pathsOfText(text: AsyncIterable<Uint8Array>): AsyncGenerator<PathColumns> {
  const slabs = new Slabs();
  let ready: PathColumns[] = [];
  const scanner = new ReportScanner({
    paths: (batch) => {
      for (const run of blocksOf(batch)) ready.push(batch.copy([run], slabs));
    },
    // Who wants notes has every line looked at: what cuts a record is seen as parseReport sees it.
    note: () => undefined,
  });
  const take = function* () {
    for (const paths of ready) {
      yield paths;
      slabs.give(paths.slab!);
    }
    ready = [];
  };
  try {
    for await (const bytes of text)
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        scanner.push(bytes.subarray(at, at + pieceBytes));
        yield* take();
      }
    scanner.finish();
    yield* take();
  } finally {
    scanner.close();
  }
}

/** Cuts a batch into blocks of about the same size. */
function* blocksOf(batch: PathColumns): Generator<Run> {
  const paths = Math.ceil(batch.count / Math.ceil(batch.count / blockPaths));
  for (let from = 0; from < batch.count;) {
    let to = from + 1;
    while (to < batch.count && to - from < paths && batch.rowEnd[to]! - batch.firstRow(from) <= blockRows) to++;
    yield { from, to };
    from = to;
  }
}
