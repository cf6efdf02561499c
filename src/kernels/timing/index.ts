/** The timing codec: names, pin tables and line reports of one stage after another, in one memory. */
import { columns, driverOfPin, hasSlacks, pinOfRow, rows, values } from "../pins/table";
import { pinCount } from "../names/names";
import * as lines from "../paths/index";
import * as slacks from "../paths/slacks";

export * from "../pins/index";
export {
  beginFile,
  codedBytes as linesCodedBytes,
  codedStart,
  decode,
  encode,
  filePlace,
  finishEncoding as finishLines,
  forgetAll,
  nextStage,
  isForeign,
  items,
  literalBytes,
  rewind,
  startDecoding as startLinesDecoding,
  startEncoding as startLinesEncoding,
  windowBytes,
  windowStart,
  written,
} from "../paths/index";

/** Lets the reports that follow be expected to agree with the table that was read last. */
export function adoptTable(): void {
  slacks.begin(pinCount());
  for (let row = 0; row < rows; row++) {
    const pin = load<i32>(pinOfRow + <usize>row * 4);
    slacks.setDriver(pin, load<i32>(driverOfPin + <usize>pin * 4));
  }
  if (hasSlacks)
    for (let row = 0; row < rows; row++) {
      const pin = load<i32>(pinOfRow + <usize>row * 4);
      const place = values + <usize>row * <usize>columns * 4;
      for (let kind = 0; kind < 4; kind++) slacks.setSlack(pin, kind, load<i32>(place + 4 * <usize>kind));
    }
  lines.adopted();
}
