import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineEvent } from "../../schemas/event-definition.js";
import { eventTypes, eventVersion, parseEvent, readEvent } from "../../schemas/events/event-registry.js";
import { upcast } from "../../schemas/upcast.js";
import { checkEventHash } from "../../src/integrity/event-hash.js";
import type { StoredEvent } from "../../src/store/event-store.js";

/**
 * Events as they lie in logs, byte for byte: `version-N.jsonl` was written by the ckpt whose events had version N. The
 * files are never made anew: what they hold is out there.
 */
const folder = new URL("../data/events/", import.meta.url);
const stored = readdirSync(folder).flatMap((file) =>
  readFileSync(new URL(file, folder), "utf8")
    .trimEnd()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as Pick<StoredEvent, "stream" | "revision" | "id" | "type" | "metadata"> & { data: string },
    ),
);
const versionOf = ({ metadata }: { metadata: string }) => (JSON.parse(metadata) as { version: number }).version;

describe("events that were stored once", () => {
  it.each(stored)("are read for ever: $type in $stream", (event) => {
    expect(checkEventHash(event)).toBeNull();
    const [version, data] = [versionOf(event), JSON.parse(event.data) as unknown];
    const read = readEvent(event.type, version, data);
    expect(parseEvent(event.type, version, data)).toEqual(read);
    expect(parseEvent(event.type, eventVersion(read.type), read.data)).toEqual(read);
  });

  it.each(eventTypes)("are there in every version of %s", (type) => {
    const versions = new Set(stored.filter((event) => event.type === type).map(versionOf));
    expect([...versions].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: eventVersion(type) }, (_, at) => at + 1),
    );
  });

  it("of a newer ckpt are refused as such, with the cure", () => {
    const newer = { message: expect.stringContaining("written by a newer ckpt"), cure: "Use a newer ckpt." };
    for (const parse of [readEvent, parseEvent]) {
      expect(() => parse("CheckpointTagged", 99, { tags: [] })).toThrow(expect.objectContaining(newer));
      expect(() => parse("CheckpointForked", 1, {})).toThrow(expect.objectContaining(newer));
    }
  });

  it.each([0, -1, 1.5, Number.NaN, "1"])("are refused where the version is %s", (version) => {
    expect(() => readEvent("CheckpointTagged", version as number, {})).toThrow("is no version");
  });
});

describe("an event with three versions", () => {
  const slackMeasured = defineEvent({
    type: "SlackMeasured",
    version: 3,
    schema: z.strictObject({ pin: z.string(), slackPs: z.int() }),
    upcasts: [
      ({ slack, ...rest }: { endpoint: string; slack: number }) => ({ ...rest, slackPs: Math.round(slack * 1000) }),
      ({ endpoint, ...rest }: { endpoint: string; slackPs: number }) => ({ pin: endpoint, ...rest }),
    ],
  });

  it.each([
    [1, '{"endpoint":"u1/D","slack":-0.25}'],
    [2, '{"endpoint":"u1/D","slackPs":-250}'],
    [3, '{"pin":"u1/D","slackPs":-250}'],
  ])("is brought up from version %d", (version, bytes) => {
    const before = JSON.parse(bytes) as unknown;
    expect(upcast(slackMeasured, version, before)).toEqual({ pin: "u1/D", slackPs: -250 });
    expect(JSON.stringify(before)).toBe(bytes);
  });

  it("is refused in a fourth", () => {
    expect(() => upcast(slackMeasured, 4, {})).toThrow("this ckpt reads up to 3): it was written by a newer ckpt");
  });

  it("cannot be defined without an upcast for each older one", () => {
    expect(() => defineEvent({ type: "Moved", version: 2, schema: z.object({}) })).toThrow("it needs 1");
  });
});
