import { randomUUID } from "node:crypto";
import persistent from "@eventstore/db-client/generated/persistent_pb.js";
import type shared from "@eventstore/db-client/generated/shared_pb.js";
import { type sendUnaryData, type ServerDuplexStream, type ServerUnaryCall, status } from "@grpc/grpc-js";
import type { EventLog, Recorded } from "./event-log.js";
import type { Faults } from "./faults.js";
import { failure, persistentEventResponse } from "./messages.js";
import { matcher } from "./reads.js";
import type { Matches } from "./subscription.js";

type ReadCall = ServerDuplexStream<persistent.ReadReq, persistent.ReadResp>;
interface Delivery {
  readonly event: Recorded;
  readonly retries: number;
  /** It was parked, and comes by a link from there. */
  readonly linked?: boolean;
}
interface Consumer {
  readonly call: ReadCall;
  readonly room: number;
  readonly inFlight: Map<string, Delivery>;
}
interface Group {
  readonly matches: Matches;
  /** How long a consumer may hold an event, and how often one is given out before it is parked. */
  readonly holdMs: number;
  readonly retriesMax: number;
  /** Whose the events of a stream are. */
  readonly pins: Map<string, Consumer>;
  at: number;
  readonly again: Delivery[];
  parked: Recorded[];
  readonly consumers: Consumer[];
}

/** Persistent subscriptions to `$all`: at least once, a stream's events to one consumer, streams in turns. */
export class PersistentGroups {
  readonly #groups = new Map<string, Group>();

  constructor(
    private readonly log: EventLog,
    private readonly faults: Faults,
  ) {
    log.waiting.add(() => this.#deliver());
  }

  calls() {
    return {
      create: (call: ServerUnaryCall<persistent.CreateReq, unknown>, answer: sendUnaryData<persistent.CreateResp>) =>
        this.#create(call.request.getOptions()!, answer),
      read: (call: ReadCall) => this.#read(call),
      replayParked: (
        call: ServerUnaryCall<persistent.ReplayParkedReq, unknown>,
        answer: sendUnaryData<persistent.ReplayParkedResp>,
      ) => this.#replayParked(call.request.getOptions()!.getGroupName(), answer),
    };
  }

  #create(options: persistent.CreateReq.Options, answer: sendUnaryData<persistent.CreateResp>): void {
    const name = options.getGroupName();
    if (this.#groups.has(name)) {
      const trailers = { exception: "persistent-subscription-exists", "stream-name": "$all", "group-name": name };
      return answer(failure(status.ALREADY_EXISTS, "exists", trailers));
    }
    const all = options.getAll()!;
    const after = all.hasEnd() ? Infinity : Number(all.getPosition()?.getCommitPosition() ?? -1);
    const at = this.log.indexAfter(after);
    const settings = options.getSettings()!;
    this.#groups.set(name, {
      matches: matcher(all.getFilter()),
      holdMs: settings.getMessageTimeoutMs(),
      retriesMax: settings.getMaxRetryCount(),
      pins: new Map(),
      at,
      again: [],
      parked: [],
      consumers: [],
    });
    answer(null, new persistent.CreateResp());
  }

  #replayParked(name: string, answer: sendUnaryData<persistent.ReplayParkedResp>): void {
    const group = this.#groups.get(name);
    if (!group) return answer(noSuchGroup(name));
    for (const event of group.parked) insert(group.again, { event, retries: 0, linked: true });
    group.parked = [];
    answer(null, new persistent.ReplayParkedResp());
    this.#deliver();
  }

  #read(call: ReadCall): void {
    let group: Group | undefined;
    let own: Consumer | undefined;
    const leave = () => {
      if (!group || !own) return;
      if (group.consumers.includes(own)) group.consumers.splice(group.consumers.indexOf(own), 1);
      // A consumer that leaves is counted as a try, but parks nothing.
      for (const { event, retries } of own.inFlight.values()) insert(group.again, { event, retries: retries + 1 });
      own.inFlight.clear();
      for (const [stream, consumer] of group.pins) if (consumer === own) group.pins.delete(stream);
      this.#deliver();
    };
    call.on("cancelled", leave);
    call.on("data", (request: persistent.ReadReq) => {
      const options = request.getOptions();
      if (!options) {
        if (group && own) this.#settle(group, own, request);
        return;
      }
      const name = options.getGroupName();
      group = this.#groups.get(name);
      if (!group) {
        call.emit("error", noSuchGroup(name));
        return;
      }
      if (this.faults.take("silentConfirmations")) return;
      const confirmed = new persistent.ReadResp.SubscriptionConfirmation();
      confirmed.setSubscriptionId(randomUUID());
      const response = new persistent.ReadResp();
      response.setSubscriptionConfirmation(confirmed);
      call.write(response);
      if (this.faults.take("droppedGroups")) {
        call.emit("error", failure(status.UNAVAILABLE, "dropped"));
        return;
      }
      group.consumers.push((own = { call, room: options.getBufferSize(), inFlight: new Map() }));
      this.#deliver();
    });
  }

  #settle(group: Group, consumer: Consumer, request: persistent.ReadReq): void {
    const take = (id: shared.UUID) => {
      const delivery = consumer.inFlight.get(id.getString());
      consumer.inFlight.delete(id.getString());
      return delivery ? [delivery] : [];
    };
    for (const id of request.getAck()?.getIdsList() ?? []) take(id);
    const nack = request.getNack();
    for (const delivery of (nack?.getIdsList() ?? []).flatMap(take))
      if (nack!.getAction() === persistent.ReadReq.Nack.Action.PARK) group.parked.push(delivery.event);
      else if (nack!.getAction() === persistent.ReadReq.Nack.Action.RETRY) this.#again(group, delivery);
    this.#deliver();
  }

  #again(group: Group, { event, retries }: Delivery): void {
    if (retries >= group.retriesMax) group.parked.push(event);
    else insert(group.again, { event, retries: retries + 1 });
  }

  /** Events that were parked, by group. */
  parked(group: string): readonly Recorded[] {
    return this.#groups.get(group)?.parked ?? [];
  }

  #deliver(): void {
    for (const group of this.#groups.values())
      for (let next = this.#next(group); next; next = this.#next(group)) {
        const delivery = next;
        const consumer = this.#consumerOf(group, delivery.event.stream);
        if (!consumer) {
          insert(group.again, delivery);
          break;
        }
        consumer.inFlight.set(delivery.event.id, delivery);
        consumer.call.write(persistentEventResponse(delivery));
        setTimeout(() => {
          if (consumer.inFlight.get(delivery.event.id) !== delivery) return;
          consumer.inFlight.delete(delivery.event.id);
          this.#again(group, delivery);
          this.#deliver();
        }, group.holdMs).unref();
      }
  }

  /** The stream's consumer, or whose turn it is; none while that one has no room. */
  #consumerOf(group: Group, stream: string): Consumer | undefined {
    const consumer = group.pins.get(stream) ?? group.consumers[0];
    if (!consumer || consumer.inFlight.size >= consumer.room) return undefined;
    group.pins.set(stream, consumer);
    group.consumers.push(group.consumers.splice(group.consumers.indexOf(consumer), 1)[0]!);
    return consumer;
  }

  #next(group: Group): Delivery | undefined {
    const again = group.again.shift();
    if (again) return again;
    while (group.at < this.log.all.length) {
      const event = this.log.all[group.at++]!;
      if (group.matches(event)) return { event, retries: 0 };
    }
    return undefined;
  }
}

function noSuchGroup(name: string) {
  const exception = "persistent-subscription-does-not-exist";
  return failure(status.NOT_FOUND, "none", { exception, "stream-name": "$all", "group-name": name });
}

/** In the order of the log. */
function insert(deliveries: Delivery[], delivery: Delivery): void {
  const at = deliveries.findIndex(({ event }) => event.position > delivery.event.position);
  deliveries.splice(at < 0 ? deliveries.length : at, 0, delivery);
}
