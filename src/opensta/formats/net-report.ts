/**
 * report_net with -connections; the second to the seventh line with -verbose only (2.0.17), always in 3.1.0:
 *
 *     Net g_lane[0].u_lane.clk_d
 *      Pin capacitance: r 0.15 f 0.15
 *      Wire capacitance: 0.00
 *      Total capacitance: r 0.15 f 0.15
 *      Number of drivers: 1
 *      Number of loads: 16
 *      Number of pins: 17
 *
 *     Driver pins
 *      u_div_buf/Y output (BUFX4)
 *
 *     Load pins
 *      _7580_/CLK input (DFFSR) r 0.01 f 0.01
 */
import type { Line } from "../line.js";
import type { NetPin, NetSummary } from "../records/netlist.js";
import type { RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { capacitanceOf } from "./capacitance.js";
import { direction } from "./direction.js";

export const netReport: ReportFormat = {
  name: "net",
  initials: "N",
  open(line, emit) {
    const net = line.startsWith("Net ") ? line.after(4) : "";
    return net === "" || /^\s/.test(net) ? null : new NetReader(net, line.place, emit);
  },
};

type Sums = { -readonly [Name in keyof Omit<NetSummary, "kind" | "name" | keyof RecordPlace>]: NetSummary[Name] };

const capacitance = /^ (Pin|Wire|Total) capacitance: (\S.*?)\s*$/;
const number = /^ Number of (drivers|loads|pins): (\d+)\s*$/;
const pinRow = new RegExp(String.raw`^ (\S+) (${direction})(?: \((\S+)\)| (port))?(?: (\S.*?))?\s*$`);
const list = /^(Driver|Load|Hierarchical|Other) pins\s*$/;

class NetReader implements SectionReader {
  readonly tentative = true;
  #told = false;
  #role: NetPin["role"] | null = null;
  readonly #sums: Sums = {
    pinCapacitance: null,
    wireCapacitance: null,
    totalCapacitance: null,
    drivers: null,
    loads: null,
    pins: null,
  };

  constructor(
    private readonly net: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text, place } = line;
    const cap = capacitance.exec(text);
    const sum = number.exec(text);
    const title = list.exec(text);
    if (cap) this.#sums[`${cap[1]!.toLowerCase() as "pin" | "wire" | "total"}Capacitance`] = capacitanceOf(cap[2]!);
    else if (sum) this.#sums[sum[1] as "drivers" | "loads" | "pins"] = Number(sum[2]);
    else if (title) {
      this.finish();
      this.#role = title[1]!.toLowerCase() as NetPin["role"];
    } else {
      const cells = this.#role && pinRow.exec(text);
      if (!cells) return "foreign";
      const found = {
        pin: cells[1]!,
        direction: cells[2]!,
        cell: cells[3] ?? null,
        port: cells[4] !== undefined,
        rest: cells[5] ?? null,
      };
      this.emit({ kind: "net-pin", net: this.net, role: this.#role!, ...found, ...place });
    }
    return "taken";
  }

  finish(): void {
    if (!this.#told) this.emit({ kind: "net", name: this.net, ...this.#sums, ...this.place });
    this.#told = true;
  }
}
