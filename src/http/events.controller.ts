import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Controller, Get, Headers, Inject, Query, Res } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Ledger } from "../ledger/ledger.js";
import { lastEventNumber, watch } from "../ledger/watch.js";
import { LEDGER } from "./ledger-token.js";
import { RefusedException } from "./problem.js";

/** How often an idle stream says that it is alive. */
const heartbeatMs = 15_000;

/**
 * The log as server-sent events: past ones first, then live; the id is the event number, so a client that reconnects
 * with Last-Event-ID misses nothing. The log is read at the client's pace.
 */
@ApiTags("events")
@Controller("api/events")
export class EventsController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Get()
  async stream(
    @Res() reply: { hijack(): void; readonly raw: ServerResponse },
    @Headers("last-event-id") lastEventId?: string,
    @Query("after") after?: string,
    @Query("type") type?: string | string[],
  ): Promise<void> {
    const resumeAfter = await this.#resumePoint(lastEventId ?? after ?? "0");
    reply.hijack();
    const { raw } = reply;
    const controller = new AbortController();
    raw.on("close", () => controller.abort());
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    raw.flushHeaders();
    const heartbeat = setInterval(() => raw.write(": alive\n\n"), heartbeatMs);
    const filter = type === undefined ? {} : { types: [type].flat() };
    try {
      const events = watch(this.ledger, {
        after: resumeAfter,
        filter,
        signal: controller.signal,
      });
      for await (const event of events) {
        const text =
          event === null
            ? "event: caught-up\ndata: {}\n\n"
            : `id: ${event.event}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
        if (!raw.write(text)) await Promise.race([once(raw, "drain"), once(raw, "close")]);
        if (controller.signal.aborted) break;
      }
    } finally {
      clearInterval(heartbeat);
      raw.end();
    }
  }

  async #resumePoint(text: string): Promise<number> {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : null;
    const last = await lastEventNumber(this.ledger);
    if (number !== null && number <= last) return number;
    throw new RefusedException({
      ok: false,
      code: number === null ? "invalid" : "not-found",
      message: number === null ? `"${text}" is no event number` : `the log has no event ${number}: it ends at ${last}`,
      cure: "Resume with the id of an event that came from this ledger, or with 0 for all of them.",
    });
  }
}
