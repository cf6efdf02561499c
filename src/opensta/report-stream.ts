import { concatMap, defer, finalize, from, type Observable, type ObservableInput, repeat, takeWhile } from "rxjs";
import type { ByteSource } from "./byte-source.js";
import { parseReport, type ParseOptions } from "./parse-report.js";
import type { ReportRecord } from "./report-records.js";

/**
 * The records of a report as an Observable that is really pulled: the next record is asked for when what `consume`
 * returned for the one before has completed. (`from(asyncIterable)` reads on regardless behind a slow concatMap.)
 * Unsubscribing ends the reading.
 * @example streamReport(openSource("max.rpt"), (record) => save(record)).subscribe();
 */
export function streamReport<Result>(
  source: ByteSource,
  consume: (record: ReportRecord) => ObservableInput<Result>,
  options: ParseOptions = {},
): Observable<Result> {
  return pullEach(() => parseReport(source, options), consume);
}

/** One value at a time out of an async iterable: pulled, consumed, then the next. */
function pullEach<Value, Result>(
  open: () => AsyncGenerator<Value>,
  consume: (value: Value) => ObservableInput<Result>,
): Observable<Result> {
  const ended = Symbol("ended");
  return defer(() => {
    const values = open();
    return defer(() => from(values.next())).pipe(
      concatMap((next): ObservableInput<Result | typeof ended> => (next.done ? [ended] : consume(next.value))),
      repeat(),
      takeWhile((result): result is Result => result !== ended),
      finalize(() => void values.return(undefined)),
    );
  });
}
