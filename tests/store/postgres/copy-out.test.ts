import { expect, it, vi } from "vitest";
import { CopyOut } from "../../../src/store/postgres/copy-out.js";

const header = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const trailer = Buffer.from([0xff, 0xff]);
const row = (text: string) => Buffer.concat([Buffer.from([0, 1, 0, 0, 0, text.length]), Buffer.from(text)]);

it("hands on each row without the header in front of the first and without the trailer", async () => {
  const taken: string[] = [];
  const copy = new CopyOut("COPY", { take: (bytes) => taken.push(bytes.toString("latin1", 6)) });
  for (const chunk of [Buffer.concat([header, row("one")]), row("two"), trailer]) copy.handleCopyData({ chunk });
  copy.handleCommandComplete();
  copy.handleReadyForQuery();
  await copy.done;
  expect(taken).toEqual(["one", "two"]);
});

it("has no row where the header and the trailer come in one message", async () => {
  const take = vi.fn();
  const copy = new CopyOut("COPY", { take });
  copy.handleCopyData({ chunk: Buffer.concat([header, trailer]) });
  copy.handleReadyForQuery();
  await copy.done;
  expect(take).not.toHaveBeenCalled();
});

it("tells at the end what a row could not be read for, and takes no further one", async () => {
  const take = vi.fn(() => {
    throw new RangeError("no such column");
  });
  const copy = new CopyOut("COPY", { take });
  for (const chunk of [Buffer.concat([header, row("one")]), row("two")]) copy.handleCopyData({ chunk });
  copy.handleReadyForQuery();
  await expect(copy.done).rejects.toThrow("no such column");
  expect(take).toHaveBeenCalledOnce();
});
