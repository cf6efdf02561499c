import { GossipService } from "@eventstore/db-client/generated/gossip_grpc_pb.js";
import gossip from "@eventstore/db-client/generated/gossip_pb.js";
import { PersistentSubscriptionsService } from "@eventstore/db-client/generated/persistent_grpc_pb.js";
import { ServerFeaturesService } from "@eventstore/db-client/generated/serverfeatures_grpc_pb.js";
import features from "@eventstore/db-client/generated/serverfeatures_pb.js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import { StreamsService } from "@eventstore/db-client/generated/streams_grpc_pb.js";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { append, batchAppend } from "./appends.js";
import { EventLog, softDeleted } from "./event-log.js";
import { Faults } from "./faults.js";
import { guarded } from "./guarded-call.js";
import { streamName } from "./messages.js";
import { PersistentGroups } from "./persistent-groups.js";
import { read } from "./reads.js";

/** A running double: where it listens, what it holds, and the faults a test may switch on. */
export interface EventStoreDouble {
  /** A connection string for one node. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly log: EventLog;
  /** What the gossip of this server names as the cluster's leader; itself unless set. */
  leaderPort: number;
  /** Ends every connection at once, as a killed server does. */
  stop(): void;
}

export interface DoubleOptions {
  /** Servers of one cluster share a log. */
  readonly log?: EventLog;
  readonly port?: number;
  /** PEM; without it the server speaks no TLS. */
  readonly certificate?: { readonly private_key: Buffer; readonly cert_chain: Buffer };
}

/**
 * EventStoreDB 23.10 as far as its client can tell, on a free port of this machine, with its log in memory: appends,
 * reads, filtered subscriptions to `$all`, stream metadata, soft deletes, persistent subscriptions. For faults, and for
 * tests without a server.
 *
 * @example const double = await startDouble(); client`${double.url}`; double.faults.blackHole = true; double.stop();
 */
export async function startDouble(options: DoubleOptions = {}): Promise<EventStoreDouble> {
  const log = options.log ?? new EventLog();
  const faults = new Faults();
  const server = new Server({ "grpc.max_receive_message_length": 17 * 1024 * 1024 });
  const own = { leaderPort: 0 };
  server.addService(ServerFeaturesService, guarded(faults, { getSupportedMethods }));
  server.addService(GossipService, guarded(faults, gossipCalls(own)));
  server.addService(StreamsService, guarded(faults, streamCalls(log, faults)));
  server.addService(PersistentSubscriptionsService, guarded(faults, new PersistentGroups(log, faults).calls()));
  const credentials = options.certificate
    ? ServerCredentials.createSsl(null, [options.certificate])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  own.leaderPort = port;
  const url = `esdb://127.0.0.1:${port}?tls=false`;
  return Object.assign(own, { url, port, faults, log, stop: () => server.forceShutdown() });
}

function streamCalls(log: EventLog, faults: Faults): UntypedServiceImplementation {
  const remove = (
    call: { request: streams.DeleteReq },
    answer: (error: null, response: streams.DeleteResp) => void,
  ) => {
    const data = Buffer.from(JSON.stringify({ $tb: softDeleted }));
    const stream = `$$${streamName(call.request.getOptions()!.getStreamIdentifier())}`;
    const id = crypto.randomUUID();
    const contentType = "application/json";
    log.append(stream, "any", [{ id, type: "$metadata", contentType, data, metadata: new Uint8Array() }]);
    answer(null, new streams.DeleteResp());
  };
  return {
    read: (call: Parameters<typeof read>[2]) => read(log, faults, call),
    append: (call: Parameters<typeof append>[2], answer: Parameters<typeof append>[3]) =>
      append(log, faults, call, answer),
    batchAppend: (call: Parameters<typeof batchAppend>[2]) => batchAppend(log, faults, call),
    delete: remove,
  };
}

function getSupportedMethods(_: unknown, answer: (error: null, response: features.SupportedMethods) => void): void {
  const method = (service: string, name: string, ...supported: string[]) => {
    const message = new features.SupportedMethod();
    message.setServiceName(service);
    message.setMethodName(name);
    return message.setFeaturesList(supported);
  };
  const response = new features.SupportedMethods();
  response.setEventStoreServerVersion("23.10.6");
  const persistent = "event_store.client.persistent_subscriptions.persistentsubscriptions";
  response.setMethodsList([
    method("event_store.client.streams.streams", "batchappend"),
    ...["create", "read", "delete"].map((name) => method(persistent, name, "all")),
  ]);
  answer(null, response);
}

function gossipCalls(own: { readonly leaderPort: number }) {
  const members = (_: unknown, answer: (error: null, response: gossip.ClusterInfo) => void) =>
    answer(null, cluster(own.leaderPort));
  return { read: members };
}

function cluster(port: number): gossip.ClusterInfo {
  const end = new gossip.EndPoint();
  end.setAddress("127.0.0.1");
  end.setPort(port);
  const id = new shared.UUID();
  id.setString(crypto.randomUUID());
  const member = new gossip.MemberInfo();
  member.setInstanceId(id);
  member.setState(gossip.MemberInfo.VNodeState.LEADER);
  member.setIsAlive(true);
  member.setHttpEndPoint(end);
  const info = new gossip.ClusterInfo();
  return info.setMembersList([member]);
}
