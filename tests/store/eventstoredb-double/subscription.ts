import { type ServerWritableStream, status } from "@grpc/grpc-js";
import type streams from "@eventstore/db-client/generated/streams_pb.js";
import type { EventLog, Recorded } from "./event-log.js";
import type { Faults } from "./faults.js";
import { caughtUp, checkpoint, confirmation, eventResponse, failure } from "./messages.js";

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** After so many events that the filter leaves out, a subscription is told how far the server has looked. */
const searchWindow = 32;

export type Matches = (event: Recorded) => boolean;

/** A catch-up subscription to `$all`: confirmation, events, checkpoint, caught up, then what is written. */
export class DoubleSubscription {
  #at: number;
  #skipped = 0;
  #delivered = 0;
  #told = false;
  #ended = false;
  #resume = () => undefined as void;
  readonly #wake = () => void this.#run();
  #running = false;

  constructor(
    private readonly log: EventLog,
    private readonly faults: Faults,
    private readonly call: ReadCall,
    after: number,
    private readonly matches: Matches,
  ) {
    this.#at = log.indexAfter(after);
    log.waiting.add(this.#wake);
    call.on("cancelled", () => this.#end());
    call.write(confirmation());
    this.#wake();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (!this.#ended && !this.#isDeaf() && this.#at < this.log.all.length) {
        const event = this.log.all[this.#at++]!;
        if (!this.matches(event)) {
          if (++this.#skipped % searchWindow === 0) this.call.write(checkpoint(event.position));
          continue;
        }
        if (this.#isToFail()) return;
        this.#delivered++;
        this.faults.count("delivered");
        const response = eventResponse(event);
        if (this.faults.duplicateDelivery) this.call.write(response);
        if (!this.call.write(response)) await this.#drained();
      }
      if (this.#ended || this.#isDeaf() || this.#told) return;
      this.#told = true;
      const last = this.log.all[this.#at - 1];
      if (last) this.call.write(checkpoint(last.position));
      this.call.write(caughtUp());
      if (this.faults.take("droppedSubscriptions")) {
        this.#end();
        this.call.emit("error", failure(status.UNAVAILABLE, "dropped"));
      }
    } finally {
      this.#running = false;
    }
  }

  #isDeaf(): boolean {
    return this.faults.isDeafTo(this.call.getPeer());
  }

  #isToFail(): boolean {
    const fault = this.faults.subscriptionFailure;
    if (!fault || fault.times === 0 || this.#delivered < fault.after) return false;
    fault.times--;
    this.#end();
    this.call.emit("error", failure(fault.code, fault.details));
    return true;
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      this.call.once("drain", resolve);
    });
  }

  #end(): void {
    this.#ended = true;
    this.#resume();
    this.log.waiting.delete(this.#wake);
  }
}
