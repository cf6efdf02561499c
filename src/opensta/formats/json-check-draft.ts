import type { JsonCheck, JsonPoint } from "../records/json-check.js";
import type { PrintedFigure } from "../records/printed.js";
import { readSi, type ReportUnits } from "../si-number.js";

const checkPaths = ["source_clock_path", "source_path", "target_clock_path"] as const;
type CheckPath = (typeof checkPaths)[number];

export const isCheckPath = (key: string): key is CheckPath => checkPaths.some((each) => each === key);

type Values = Map<string, string>;

/** A check of -format json as far as it was read. What stands where the tool puts none of it makes it broken. */
export class CheckDraft {
  bytes = 0;
  readonly #values: Values = new Map();
  readonly #paths = new Map<CheckPath, JsonPoint[]>();
  #path: JsonPoint[] | null = null;
  #point: Values | null = null;
  /** The list inside the point that is open, such as hier_pins. */
  #list: string[] | null = null;
  #hierPins: string[] = [];
  #broken = false;

  constructor(
    readonly place: { readonly byteOffset: number; readonly line: number },
    private readonly units: ReportUnits,
  ) {}

  get inPath(): boolean {
    return this.#path !== null;
  }

  beginPath(key: CheckPath): void {
    this.#expect(this.#path === null && !this.#paths.has(key));
    this.#path = [];
    this.#paths.set(key, this.#path);
  }

  beginPoint(): void {
    this.#expect(this.#path !== null && this.#point === null);
    this.#point = new Map();
    this.#hierPins = [];
  }

  beginList(key: string): void {
    this.#expect(this.#point !== null && this.#list === null);
    this.#list = key === "hier_pins" ? this.#hierPins : [];
  }

  listed(value: string): void {
    this.#expect(this.#list !== null);
    this.#list?.push(value);
  }

  /** Ends the list inside a point, or else the path. */
  endList(): void {
    this.#expect(this.#path !== null && (this.#list !== null || this.#point === null));
    if (this.#list) this.#list = null;
    else this.#path = null;
  }

  endPoint(): void {
    const values = this.#point;
    const pin = values?.get("pin");
    this.#expect(this.#list === null && pin !== undefined);
    this.#point = null;
    if (!values || pin === undefined) return;
    const { time, capacitance } = this.units;
    this.#path?.push({
      pin,
      instance: values.get("instance") || null,
      cell: values.get("cell") ?? "",
      net: values.get("net") ?? null,
      hierPins: this.#hierPins,
      source: values.get("verilog_src") || null,
      arrival: this.#figure(values, "arrival", time),
      slew: this.#figure(values, "slew", time),
      capacitance: this.#figure(values, "capacitance", capacitance),
    });
  }

  set(key: string, value: string): void {
    const values = this.#path === null ? this.#values : this.#point;
    this.#expect(values !== null && this.#list === null && !values.has(key));
    values?.set(key, value);
  }

  /** The check, or null if a part of it is missing or out of place. */
  whole(): JsonCheck | null {
    const values = this.#values;
    const time = (key: string) => this.#figure(values, key, this.units.time);
    const cycles = values.get("multi_cycle_path");
    const check: JsonCheck = {
      kind: "check",
      type: values.get("type") ?? "",
      group: values.get("path_group") ?? "",
      pathType: values.get("path_type") ?? "",
      startpoint: values.get("startpoint") ?? "",
      endpoint: values.get("endpoint") ?? "",
      sourceClock: values.get("source_clock") ?? null,
      sourceClockEdge: values.get("source_clock_edge") ?? null,
      sourceClockPath: this.#paths.get("source_clock_path") ?? [],
      sourcePath: this.#paths.get("source_path") ?? [],
      targetClock: values.get("target_clock") ?? null,
      targetClockEdge: values.get("target_clock_edge") ?? null,
      targetClockPath: this.#paths.get("target_clock_path") ?? [],
      arrival: time("data_arrival_time"),
      crpr: time("crpr"),
      margin: time("margin"),
      multiCyclePath: cycles === undefined ? null : Number(cycles),
      pathMargin: time("path_margin"),
      pathDelay: time("path_delay"),
      required: time("required_time"),
      slack: time("slack"),
      ...this.place,
    };
    this.#expect(this.#path === null && this.#paths.has("source_path") && values.has("endpoint"));
    // Either both are printed, or the path is unconstrained.
    this.#expect(values.has("required_time") === values.has("slack"));
    this.#expect(cycles === undefined || /^-?\d+$/.test(cycles));
    return this.#broken ? null : check;
  }

  #figure(values: Values, key: string, unit: number): PrintedFigure | null {
    const text = values.get(key);
    if (text === undefined) return null;
    const figure = readSi(text, unit);
    this.#expect(figure !== null);
    return figure;
  }

  #expect(condition: boolean): void {
    this.#broken ||= !condition;
  }
}
