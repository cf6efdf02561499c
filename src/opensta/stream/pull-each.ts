import { from, Observable, type ObservableInput, type Subscription } from "rxjs";

/**
 * Values of an async iterator as an Observable, one at a time: pulled, consumed, then the next. (`from` an async
 * iterable reads on regardless behind a slow concatMap.) Unsubscribing ends the iterator.
 */
export function pullEach<Value, Result>(
  open: () => AsyncIterableIterator<Value>,
  consume: (value: Value) => ObservableInput<Result>,
): Observable<Result> {
  return new Observable((subscriber) => {
    const values = open();
    let inner: Subscription | null = null;
    const consumed = async (value: Value): Promise<void> =>
      await new Promise((resolve, reject) => {
        inner = from(consume(value)).subscribe({
          next: (result) => subscriber.next(result),
          error: reject,
          complete: resolve,
        });
      });
    const run = async (): Promise<void> => {
      try {
        for await (const value of values) {
          await consumed(value);
          if (subscriber.closed) return;
        }
        subscriber.complete();
      } catch (error) {
        subscriber.error(error);
      }
    };
    void run();
    return () => {
      inner?.unsubscribe();
      // What goes wrong is told by the loop.
      values.return?.().catch(() => undefined);
    };
  });
}
