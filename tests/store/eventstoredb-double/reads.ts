import type { ServerWritableStream } from "@grpc/grpc-js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import type { EventLog, Recorded } from "./event-log.js";
import type { Faults } from "./faults.js";
import { eventResponse, streamName, streamNotFound } from "./messages.js";
import { DoubleSubscription, type Matches } from "./subscription.js";

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** Streams/Read: a stream or `$all`, both ways, or a subscription to `$all`. */
export function read(log: EventLog, faults: Faults, call: ReadCall): void {
  const options = call.request.getOptions()!;
  const all = options.getAll();
  if (all && options.hasSubscription()) {
    const after = all.hasEnd() ? Infinity : Number(all.getPosition()?.getCommitPosition() ?? -1);
    void new DoubleSubscription(log, faults, call, after, matcher(options.getFilter()));
    return;
  }
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const events = all ? readAll(log, all, backwards) : readStream(log, options.getStream()!, backwards);
  if (events === null) call.write(streamNotFound(streamName(options.getStream()!.getStreamIdentifier())));
  for (const event of events?.slice(0, Number(options.getCount())) ?? []) call.write(eventResponse(event));
  call.end();
}

function readStream(
  log: EventLog,
  options: streams.ReadReq.Options.StreamOptions,
  backwards: boolean,
): Recorded[] | null {
  const events = log.visible(streamName(options.getStreamIdentifier()));
  if (!events) return null;
  const from = options.hasRevision() ? Number(options.getRevision()) : options.hasEnd() ? Infinity : 0;
  if (backwards) return events.filter(({ revision }) => revision <= from).toReversed();
  return events.filter(({ revision }) => revision >= from);
}

/** Forwards the event at the position comes first, backwards the one before it. */
function readAll(log: EventLog, options: streams.ReadReq.Options.AllOptions, backwards: boolean): Recorded[] {
  const position = options.getPosition();
  const from = position ? Number(position.getCommitPosition()) : options.hasEnd() ? Infinity : -1;
  const at = log.indexAfter(from - 1);
  return backwards ? log.all.slice(0, at).toReversed() : log.all.slice(at);
}

/** The filter of a subscription; also that of a persistent one, which has the same shape. */
export function matcher(
  filter: Pick<streams.ReadReq.Options.FilterOptions, "getStreamIdentifier" | "getEventType"> | undefined,
): Matches {
  const byStream = filter?.getStreamIdentifier();
  const expression = byStream ?? filter?.getEventType();
  if (!expression) return () => true;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  return (event) => {
    const text = byStream ? event.stream : event.type;
    return prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
}
