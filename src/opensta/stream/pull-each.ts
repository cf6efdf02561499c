import { concatMap, defer, finalize, from, type Observable, type ObservableInput, repeat, takeWhile } from "rxjs";

/**
 * Values of an async generator as an Observable, one at a time: pulled, consumed, then the next. (`from` an async
 * iterable reads on regardless behind a slow concatMap.) Unsubscribing ends the generator.
 */
export function pullEach<Value, Result>(
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
