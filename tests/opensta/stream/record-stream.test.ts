import { readFileSync } from "node:fs";
import { join } from "node:path";
import { concatMap, delay, from, lastValueFrom, of, take, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { parseReport } from "../../../src/opensta/parse-report.js";
import type { ReportNote, ReportRecord } from "../../../src/opensta/report-records.js";
import { RecordStream } from "../../../src/opensta/stream/record-stream.js";

const reports = join(import.meta.dirname, "..", "..", "data", "reports");
const report = readFileSync(join(reports, "3.1.0-fields_all.rpt"));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const gathered: Value[] = [];
  for await (const value of values) gathered.push(value);
  return gathered;
}

const record = (at: number) =>
  `Startpoint: a${at} (input port)\nEndpoint: b (output port)\nPath Group: g\nPath Type: max\n\n  Delay    Time   Description\n----\n   0.10    0.10 ^ u${at}/Y (INV)\n           0.10   data arrival time\n\n           0.10   data required time\n----\n           ${(at % 7) - 3}.00   slack (MET)\n\n\n`;

/** Gives one record a piece, and counts how many were pulled and whether it was closed. */
function counted(count: number) {
  const seen = { pulled: 0, closed: false };
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < count; at++) {
        seen.pulled++;
        yield Buffer.from(record(at));
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: source() };
}

describe("a stream of records", () => {
  it("gives what parseReport gives, in the same order, one by one and in batches", async () => {
    const expected = await all(parseReport(pieces(report, 10_000)));
    expect(await all(new RecordStream(pieces(report, 10_000)))).toEqual(expected);
    const batches = await all(new RecordStream(pieces(report, 997)).batches());
    expect(batches.flat()).toEqual(expected);
  });

  it("gives a mixed log in document order", async () => {
    const mixed = Buffer.concat(
      ["2.0.17-tns.rpt", "3.1.0-fmt_end_minmax.rpt", "3.1.0-fields_all.rpt", "3.1.0-tns.rpt", "3.1.0-borrow.rpt"].map(
        (name) => readFileSync(join(reports, name)),
      ),
    );
    const places = (await all(new RecordStream(pieces(mixed, 5000)))).map((each) => each.byteOffset);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("is held by its consumer: the source is read no further than the buffer goes, and on once it has emptied", async () => {
    const { seen, source } = counted(500);
    const limits = { chunksMax: 10, chunkPaths: 1, resumeBelow: 0.5 };
    const stream = new RecordStream(source, { limits });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stream.counters).toMatchObject({ paused: true, delivered: 1, pauses: 1 });
    expect(stream.counters.bufferedChunks).toBe(10);
    const held = seen.pulled;
    for (let at = 0; at < 4; at++) await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen.pulled).toBe(held);
    for (let at = 0; at < 3; at++) await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen.pulled).toBeGreaterThan(held);
    expect(stream.counters.pausedMs).toBeGreaterThan(15);
    await reader.return(undefined);
    expect(stream.counters.bufferedBytes).toBe(0);
  });

  it("counts bytes too: a small byte bound holds it as well", async () => {
    const { seen, source } = counted(500);
    const reader = new RecordStream(source, { limits: { bytesMax: 1000 } })[Symbol.asyncIterator]();
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.pulled).toBeLessThan(30);
    await reader.return(undefined);
  });

  it("ends the reading when its consumer leaves, as a loop or as an Observable", async () => {
    for (const leave of [
      async (stream: RecordStream) => {
        for await (const _ of stream) break;
      },
      async (stream: RecordStream) =>
        await lastValueFrom(
          stream.observe((records) => from(records).pipe(concatMap((each) => of(each)))).pipe(take(3), toArray()),
        ),
    ]) {
      const { seen, source } = counted(100_000);
      await leave(new RecordStream(source, { limits: { chunksMax: 5, chunkPaths: 1 } }));
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(seen.closed).toBe(true);
      expect(seen.pulled).toBeLessThan(50);
    }
  });

  it("pulls no batch before the one before was consumed", async () => {
    const { source } = counted(60);
    let inWork = 0;
    let most = 0;
    const stream = new RecordStream(source, { limits: { chunkPaths: 1 } });
    const seen = await lastValueFrom(
      stream
        .observe((records) => {
          most = Math.max(most, ++inWork);
          return of(records.length).pipe(
            delay(1),
            concatMap((count) => ((inWork -= 1), of(count))),
          );
        })
        .pipe(toArray()),
    );
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(most).toBe(1);
  });

  it("gives what was whole, names the cut record, then fails as its source did", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(record(1) + record(2) + record(3).slice(0, 150));
      throw new Error("the tool died");
    }
    const notes: ReportNote[] = [];
    const seen: ReportRecord[] = [];
    const stream = new RecordStream(broken(), { onNote: (note) => notes.push(note) });
    await expect(
      (async () => {
        for await (const each of stream) seen.push(each);
      })(),
    ).rejects.toThrow("the tool died");
    expect(seen.filter((each) => each.kind === "path")).toHaveLength(2);
    expect(notes).toContainEqual(expect.objectContaining({ code: "cut-record", endpoint: "b" }));
  });

  it("ends by its signal with the signal's reason", async () => {
    const { source } = counted(100_000);
    const controller = new AbortController();
    const reading = async () => {
      let count = 0;
      for await (const _ of new RecordStream(source, { signal: controller.signal }))
        if (++count === 10) controller.abort(new Error("enough"));
    };
    await expect(reading()).rejects.toThrow("enough");
  });

  it.each([{ chunksMax: 0 }, { bytesMax: 0 }, { chunkPaths: 5000 }, { resumeBelow: 0 }, { bytesMax: Number.NaN }])(
    "refuses the limits %j, under which nothing would move",
    (limits) => {
      expect(() => new RecordStream(pieces(report, 1000), { limits })).toThrow(RangeError);
    },
  );

  it("can be read once", async () => {
    const stream = new RecordStream(pieces(report, 10_000));
    await all(stream);
    await expect(all(stream)).rejects.toThrow("once");
  });
});
