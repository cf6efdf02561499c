import { firstValueFrom, from, take, toArray } from "rxjs";
import { delay } from "rxjs/operators";
import { expect, it } from "vitest";
import { streamReport } from "../../src/opensta/report-stream.js";

const record = (at: number) =>
  `Startpoint: a${at} (input port)\nEndpoint: b (output port)\nPath Group: g\nPath Type: max\n\n  Delay    Time   Description\n----\n   0.10    0.10 ^ u/Y (INV)\n           0.10   data arrival time\n\n           0.10   data required time\n----\n           0.00   slack (MET)\n\n\n`;

/** Counts how many pieces were pulled, and whether it was closed. */
function counted(pieces: number) {
  const seen = { pulled: 0, closed: false };
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < pieces; at++) {
        seen.pulled++;
        yield Buffer.from(record(at));
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: source() };
}

it("reads no further than its consumer has come", async () => {
  const { seen, source } = counted(50);
  const ahead: number[] = [];
  let consumed = 0;
  const results = await firstValueFrom(
    streamReport(source, () => {
      consumed++;
      ahead.push(seen.pulled - consumed);
      return from([consumed]).pipe(delay(1));
    }).pipe(toArray()),
  );
  expect(results).toHaveLength(50);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(1);
  expect(seen.closed).toBe(true);
});

it("stops reading when it is left", async () => {
  const { seen, source } = counted(1000);
  await firstValueFrom(streamReport(source, (each) => [each]).pipe(take(3), toArray()));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen.closed).toBe(true);
  expect(seen.pulled).toBeLessThan(10);
});
