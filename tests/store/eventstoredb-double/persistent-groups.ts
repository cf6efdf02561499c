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
}
interface Consumer {
  readonly call: ReadCall;
  readonly room: number;
  readonly inFlight: Map<string, Delivery>;
}
interface Group {
  readonly matches: Matches;
  at: number;
  readonly again: Delivery[];
  readonly parked: Recorded[];
  readonly consumers: Consumer[];
}

/** Persistent subscriptions to `$all`: at least once, to whichever consumer has room, in turns. */
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
    this.#groups.set(name, { matches: matcher(all.getFilter()), at, again: [], parked: [], consumers: [] });
    answer(null, new persistent.CreateResp());
  }

  #read(call: ReadCall): void {
    let group: Group | undefined;
    let own: Consumer | undefined;
    const leave = () => {
      if (!group || !own) return;
      if (group.consumers.includes(own)) group.consumers.splice(group.consumers.indexOf(own), 1);
      for (const { event, retries } of own.inFlight.values()) group.again.push({ event, retries: retries + 1 });
      own.inFlight.clear();
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
        const exception = "persistent-subscription-does-not-exist";
        const trailers = { exception, "stream-name": "$all", "group-name": name };
        call.emit("error", failure(status.NOT_FOUND, "none", trailers));
        return;
      }
      if (this.faults.take("silentConfirmations")) return;
      const confirmed = new persistent.ReadResp.SubscriptionConfirmation();
      confirmed.setSubscriptionId(randomUUID());
      const response = new persistent.ReadResp();
      response.setSubscriptionConfirmation(confirmed);
      call.write(response);
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
    for (const { event, retries } of (nack?.getIdsList() ?? []).flatMap(take))
      if (nack!.getAction() === persistent.ReadReq.Nack.Action.PARK) group.parked.push(event);
      else if (nack!.getAction() === persistent.ReadReq.Nack.Action.RETRY)
        group.again.push({ event, retries: retries + 1 });
    this.#deliver();
  }

  /** Events that were parked, by group. */
  parked(group: string): readonly Recorded[] {
    return this.#groups.get(group)?.parked ?? [];
  }

  #deliver(): void {
    for (const group of this.#groups.values())
      for (;;) {
        const consumer = group.consumers.find(({ room, inFlight }) => inFlight.size < room);
        const next = consumer && this.#next(group);
        if (!next) break;
        group.consumers.push(group.consumers.splice(group.consumers.indexOf(consumer), 1)[0]!);
        consumer.inFlight.set(next.event.id, next);
        consumer.call.write(persistentEventResponse(next.event, next.retries));
      }
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
