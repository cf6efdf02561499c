import { ErrorType, type RecordedEvent } from "@eventstore/db-client";
import { isType } from "./eventstoredb-errors.js";

interface Read<E> extends AsyncIterable<{ readonly event?: E }> {
  on(event: "error", listener: () => void): unknown;
}

/** All events of one of the client's reads; none where the stream is not there. The time limit is the caller's. */
export async function readPage<E extends RecordedEvent>(read: Read<E>): Promise<E[]> {
  const events: E[] = [];
  // An error after the caller has left would have no listener.
  read.on("error", () => undefined);
  try {
    for await (const { event } of read) if (event) events.push(event);
  } catch (error) {
    if (!isType(error, ErrorType.STREAM_NOT_FOUND)) throw error;
  }
  return events;
}
