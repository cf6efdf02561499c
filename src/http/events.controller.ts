import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Controller, Get, Headers, Inject, Query, Res } from "@nestjs/common";
import { ApiQuery, ApiTags } from "@nestjs/swagger";
import { refuse } from "../domain/refusal.js";
import type { EventSelection } from "../ledger/event-selection.js";
import type { Ledger } from "../ledger/ledger.js";
import { type FeedMessage, subscribe } from "../ledger/subscribe.js";
import { LEDGER } from "./ledger-token.js";
import { orProblem, RefusedException } from "./problem.js";

/** How often an idle stream says that it is alive. */
const heartbeatMs = 15_000;

/** What may be asked for; each more than once where it says so. */
interface EventsQuery {
  readonly after?: string;
  readonly from?: string;
  readonly type?: string | string[];
  readonly stream?: string | string[];
  readonly design?: string | string[];
  readonly state?: string | string[];
}

const several = (name: string, description: string) =>
  ApiQuery({ name, description, required: false, isArray: true, type: String });

/**
 * The log as server-sent events: past ones first, then live; the id is the event number, so a client that reconnects
 * with Last-Event-ID misses nothing. The log is read at the client's pace.
 */
@ApiTags("events")
@Controller("api/events")
export class EventsController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Get()
  @ApiQuery({ name: "after", description: "Only events after this number", required: false, type: String })
  @ApiQuery({ name: "from", description: "A message's position, or end", required: false, type: String })
  @several("type", "Event types")
  @several("stream", "How names of streams begin")
  @several("design", "Designs")
  @several("state", "States that a checkpoint comes into")
  async stream(
    @Res() reply: { hijack(): void; readonly raw: ServerResponse },
    @Query() query: EventsQuery,
    @Headers("last-event-id") lastEventId?: string,
  ): Promise<void> {
    const controller = new AbortController();
    const place = lastEventId === undefined ? placeOf(query) : { after: eventNumber(lastEventId) };
    const options = { ...place, ...selectionOf(query), signal: controller.signal };
    const { feed } = orProblem(await subscribe(this.ledger, options));
    reply.hijack();
    const { raw } = reply;
    raw.on("close", () => controller.abort());
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    raw.flushHeaders();
    const heartbeat = setInterval(() => raw.write(": alive\n\n"), heartbeatMs);
    try {
      for await (const message of feed) {
        if (!raw.write(textOf(message))) await Promise.race([once(raw, "drain"), once(raw, "close")]);
        if (controller.signal.aborted) break;
      }
    } catch (error) {
      // The answer has begun: all that can be told is that it ends here, and why.
      const message = error instanceof Error ? error.message : String(error);
      raw.write(`event: error\ndata: ${JSON.stringify({ message })}\n\n`);
    } finally {
      clearInterval(heartbeat);
      raw.end();
    }
  }
}

function textOf(message: FeedMessage): string {
  const { position } = message;
  if (message.kind === "caught-up") return `event: caught-up\ndata: ${JSON.stringify({ position })}\n\n`;
  const { event } = message;
  return `id: ${event.event}\nevent: ${event.type}\ndata: ${JSON.stringify({ ...event, position })}\n\n`;
}

function placeOf({ after, from }: EventsQuery) {
  return { ...(after === undefined ? {} : { after: eventNumber(after) }), ...(from === undefined ? {} : { from }) };
}

function selectionOf({ type, stream, design, state }: EventsQuery): EventSelection {
  return {
    ...(type === undefined ? {} : { types: [type].flat() }),
    ...(stream === undefined ? {} : { streamPrefixes: [stream].flat() }),
    ...(design === undefined ? {} : { designs: [design].flat() }),
    ...(state === undefined ? {} : { states: [state].flat() }),
  };
}

function eventNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const cure = "Resume with the id of an event that came from this ledger, or with 0 for all of them.";
  throw new RefusedException(refuse("invalid", `"${text}" is no event number`, cure));
}
