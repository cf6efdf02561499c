/**
 * report_instance; 2.0.17 lists pins with -connections only, and with -verbose what each is connected to:
 *
 *     Instance g_lane[0].u_lane.u_cg_and
 *      Cell: AND2X2
 *      Library: osu018_typ
 *      Path cells: AND2X2
 *      Input pins:
 *       A input clk_a
 *        _7420_/CLK input
 *      Output pins:
 *       Y output g_lane[0].u_lane.gclk
 *      Children:
 *       u1 (AND2X2)
 */
import type { Line } from "../line.js";
import type { RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { direction } from "./direction.js";

export const instanceReport: ReportFormat = {
  name: "instance",
  initials: "I",
  open(line, emit) {
    const instance = line.startsWith("Instance ") ? line.after(9) : "";
    return instance === "" || /^\s/.test(instance) ? null : new InstanceReader(instance, line.place, emit);
  },
};

const pinRow = new RegExp(String.raw`^ {2}(\S+) (${direction})(?: (\S+))?\s*$`);
const connectedRow = new RegExp(String.raw`^ {3}(\S+) (${direction})(?: port)?\s*$`);

class InstanceReader implements SectionReader {
  readonly tentative = true;
  #told = false;
  #cell: string | null = null;
  #library = "";
  #pathCells: string | null = null;
  #list: "pins" | "children" | null = null;
  /** The pin that was listed last. */
  #pin: string | null = null;

  constructor(
    private readonly instance: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank || line.first !== 32) return "foreign";
    const { text } = line;
    const said = /^ (Cell|Library|Path cells): (.*?)\s*$/.exec(text);
    if (said?.[1] === "Cell") this.#cell = said[2]!;
    else if (this.#cell === null) return "foreign";
    else if (said?.[1] === "Library") this.#library = said[2]!;
    else if (said) this.#pathCells = said[2]!;
    else if (/^ (?:Input pins|Output pins|Other pins|Children):\s*$/.test(text)) {
      this.finish();
      this.#list = text.startsWith(" Children") ? "children" : "pins";
    } else return this.#listed(line, text) ? "taken" : "foreign";
    return "taken";
  }

  finish(): void {
    const [name, cell, library, pathCells] = [this.instance, this.#cell, this.#library, this.#pathCells];
    if (!this.#told && cell !== null) this.emit({ kind: "instance", name, cell, library, pathCells, ...this.place });
    this.#told = true;
  }

  #listed({ place }: Line, text: string): boolean {
    const { instance } = this;
    if (this.#list === "children") {
      const child = /^ {2}(\S+) \((\S+)\)\s*$/.exec(text);
      if (child) this.emit({ kind: "instance-child", instance, child: child[1]!, cell: child[2]!, ...place });
      return child !== null;
    }
    if (this.#list === null) return false;
    const connected = connectedRow.exec(text);
    if (connected && this.#pin !== null) {
      const found = { pin: this.#pin, connected: connected[1]!, direction: connected[2]! };
      this.emit({ kind: "connected-pin", instance, ...found, ...place });
      return true;
    }
    const cells = pinRow.exec(text);
    if (!cells) return false;
    this.#pin = cells[1]!;
    const net = cells[3] === undefined || cells[3] === "(unconnected)" ? null : cells[3];
    this.emit({ kind: "instance-pin", instance, pin: this.#pin, direction: cells[2]!, net, ...place });
    return true;
  }
}
