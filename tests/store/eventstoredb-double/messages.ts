import { randomUUID } from "node:crypto";
import persistent from "@eventstore/db-client/generated/persistent_pb.js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import type { Proposed, Recorded } from "./event-log.js";

/** A proposed event of either append call. */
export function toProposed(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): Proposed {
  return {
    id: message.getId()!.getString(),
    type: message.getMetadataMap().get("type")!,
    contentType: message.getMetadataMap().get("content-type")!,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function streamName(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier!.getStreamName_asU8()).toString();
}

export function toIdentifier(name: string): shared.StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name));
  return identifier;
}

export function eventResponse(event: Recorded): streams.ReadResp {
  const recorded = fill(new streams.ReadResp.ReadEvent.RecordedEvent(), event);
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(String(event.position));
  const response = new streams.ReadResp();
  response.setEvent(read);
  return response;
}

export function persistentEventResponse(delivery: {
  readonly event: Recorded;
  readonly retries: number;
  readonly linked?: boolean;
}): persistent.ReadResp {
  const { event, retries, linked = false } = delivery;
  const message = () => new persistent.ReadResp.ReadEvent.RecordedEvent();
  const read = new persistent.ReadResp.ReadEvent();
  // The server tells the position of the link in place of the event's own.
  const position = linked ? event.position + 1_000_000 : event.position;
  if (linked) read.setLink(fill(message(), { ...event, stream: "$persistentsubscription-$all-parked", position }));
  read.setEvent(fill(message(), { ...event, position }));
  read.setCommitPosition(String(position));
  read.setRetryCount(retries);
  const response = new persistent.ReadResp();
  response.setEvent(read);
  return response;
}

type RecordedMessage = streams.ReadResp.ReadEvent.RecordedEvent | persistent.ReadResp.ReadEvent.RecordedEvent;

function fill<T extends RecordedMessage>(message: T, event: Recorded): T {
  const id = new shared.UUID();
  id.setString(event.id);
  message.setId(id);
  message.setStreamIdentifier(toIdentifier(event.stream));
  message.setStreamRevision(String(event.revision));
  message.setPreparePosition(String(event.position));
  message.setCommitPosition(String(event.position));
  message.getMetadataMap().set("type", event.type).set("content-type", event.contentType).set("created", "0");
  message.setCustomMetadata(event.metadata);
  message.setData(event.data);
  return message;
}

export function confirmation(): streams.ReadResp {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(randomUUID());
  const response = new streams.ReadResp();
  response.setConfirmation(confirmed);
  return response;
}

export function caughtUp(): streams.ReadResp {
  const response = new streams.ReadResp();
  response.setCaughtUp(new streams.ReadResp.CaughtUp());
  return response;
}

export function checkpoint(position: number): streams.ReadResp {
  const reached = new streams.ReadResp.Checkpoint();
  reached.setCommitPosition(String(position));
  reached.setPreparePosition(String(position));
  const response = new streams.ReadResp();
  response.setCheckpoint(reached);
  return response;
}

export function streamNotFound(name: string): streams.ReadResp {
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(toIdentifier(name));
  const response = new streams.ReadResp();
  response.setStreamNotFound(missing);
  return response;
}

/** An error as the server sends it: a gRPC status with the exception's name and fields among the trailers. */
export function failure(code: status, details: string, trailers: Record<string, string> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export function notLeader(host: string, port: number): ServiceError {
  return failure(status.NOT_FOUND, "Leader info available", {
    exception: "not-leader",
    "leader-endpoint-host": host,
    "leader-endpoint-port": String(port),
  });
}
