import { setTimeout as delay } from "node:timers/promises";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import statusMessages from "@eventstore/db-client/generated/status_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import { type sendUnaryData, type ServerDuplexStream, type ServerReadableStream, status } from "@grpc/grpc-js";
import wellKnown from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { EventLog, Expected, Proposed, Written } from "./event-log.js";
import type { Faults } from "./faults.js";
import { failure, streamName, toIdentifier, toProposed } from "./messages.js";

const bytesMax = 1_048_576;

/** Streams/Append: one call an append. */
export function append(
  log: EventLog,
  faults: Faults,
  call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
  answer: sendUnaryData<streams.AppendResp>,
): void {
  let options: streams.AppendReq.Options | undefined;
  const events: Proposed[] = [];
  call.on("data", (request: streams.AppendReq) => {
    options ??= request.getOptions();
    if (request.hasProposedMessage()) events.push(toProposed(request.getProposedMessage()!));
  });
  call.on("end", () => {
    const expected = options!.hasRevision() ? Number(options!.getRevision()) : expectation(options!);
    const stream = streamName(options!.getStreamIdentifier());
    void reply(log, faults, { stream, expected, events, peer: call.getPeer() }, (written) => {
      if (written === "too-large") answer(tooLarge());
      else if (written.kind === "deleted")
        answer(failure(status.FAILED_PRECONDITION, "deleted", { exception: "stream-deleted", "stream-name": stream }));
      else answer(null, appendResponse(written));
    });
  });
}

/** Streams/BatchAppend: many appends on one call, each answered under its correlation id. */
export function batchAppend(
  log: EventLog,
  faults: Faults,
  call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>,
): void {
  const open = new Map<string, { options: streams.BatchAppendReq.Options; events: Proposed[] }>();
  call.on("data", (request: streams.BatchAppendReq) => {
    const correlation = request.getCorrelationId()!;
    const id = correlation.getString();
    const own = open.get(id) ?? { options: request.getOptions()!, events: [] };
    open.set(id, own);
    own.events.push(...request.getProposedMessagesList().map(toProposed));
    if (!request.getIsFinal()) return;
    open.delete(id);
    const { options, events } = own;
    const expected = options.hasStreamPosition() ? Number(options.getStreamPosition()) : expectation(options);
    const stream = streamName(options.getStreamIdentifier());
    if (faults.take("halfCloses")) return void call.end();
    void reply(log, faults, { stream, expected, events, peer: call.getPeer() }, (written) => {
      const response = batchResponse(written);
      response.setCorrelationId(correlation);
      response.setStreamIdentifier(toIdentifier(stream));
      call.write(response);
    });
  });
  call.on("end", () => call.end());
}

async function reply(
  log: EventLog,
  faults: Faults,
  request: { stream: string; expected: Expected; events: Proposed[]; peer: string },
  send: (written: Written | "too-large") => void,
): Promise<void> {
  if (faults.isDeafTo(request.peer)) return;
  const bytes = request.events.reduce((sum, { data }) => sum + data.length, 0);
  if (bytes > bytesMax) return send("too-large");
  const written = log.append(request.stream, request.expected, request.events);
  if (faults.take("lostReplies")) return;
  if (faults.take("lateReplies")) await delay(faults.lateMs);
  send(written);
}

function expectation(options: streams.AppendReq.Options | streams.BatchAppendReq.Options): Expected {
  return options.hasNoStream() ? "no_stream" : options.hasStreamExists() ? "stream_exists" : "any";
}

function tooLarge() {
  return failure(status.INVALID_ARGUMENT, "Maximum Append Size Exceeded.", {
    exception: "maximum-append-size-exceeded",
    "maximum-append-size": String(bytesMax),
  });
}

function appendResponse(written: Exclude<Written, { kind: "deleted" }>): streams.AppendResp {
  const response = new streams.AppendResp();
  if (written.kind === "written") {
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(written.revision));
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(written.position));
    position.setPreparePosition(String(written.position));
    if (written.position === null) success.setNoPosition(new shared.Empty());
    else success.setPosition(position);
    return response.setSuccess(success);
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (written.current < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(written.current));
  return response.setWrongExpectedVersion(wrong);
}

function batchResponse(written: Written | "too-large"): streams.BatchAppendResp {
  const response = new streams.BatchAppendResp();
  if (written !== "too-large" && written.kind === "written") {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(written.revision));
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(written.position));
    position.setPreparePosition(String(written.position));
    if (written.position === null) success.setNoPosition(new empty.Empty());
    else success.setPosition(position);
    return response.setSuccess(success);
  }
  const error = new statusMessages.Status();
  error.setDetails(details(written));
  return response.setError(error);
}

function details(written: Exclude<Written, { kind: "written" }> | "too-large"): wellKnown.Any {
  const any = new wellKnown.Any();
  if (written === "too-large") {
    const message = new shared.MaximumAppendSizeExceeded();
    message.setMaxappendsize(bytesMax);
    any.pack(message.serializeBinary(), "event_store.client.MaximumAppendSizeExceeded");
  } else if (written.kind === "deleted")
    any.pack(new shared.StreamDeleted().serializeBinary(), "event_store.client.StreamDeleted");
  else {
    const message = new shared.WrongExpectedVersion();
    if (written.current < 0) message.setCurrentNoStream(new empty.Empty());
    else message.setCurrentStreamRevision(String(written.current));
    any.pack(message.serializeBinary(), "event_store.client.WrongExpectedVersion");
  }
  return any;
}
