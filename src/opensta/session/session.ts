import { randomBytes } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Observable } from "rxjs";
import type { ByteSource } from "../byte-source.js";
import { type SlackHistogram, slackHistogram } from "../histogram.js";
import type { Printed } from "../records/printed.js";
import type { ReportRecord } from "../report-records.js";
import { StaError } from "../sta-error.js";
import { RecordStream, type RecordStreamOptions } from "../stream/record-stream.js";
import type { CommandResult } from "./command-result.js";
import * as queries from "./design-queries.js";
import type { Activity } from "./heartbeat.js";
import { pushDown } from "./push-down.js";
import { type ObjectNames, reportChecksCommand, type ReportChecksQuery } from "./report-checks-command.js";
import { runCommand } from "./run-command.js";
import type { CommandOptions, SessionOptions } from "./session-options.js";
import { streamCommand } from "./stream-command.js";
import { tclWord } from "../tcl-list.js";
import type { TimingFigures } from "./timing-figures.js";
import { type SessionState, Tool } from "./tool.js";
import type { ToolVersion } from "./tool-version.js";
import type { TranscriptEntry } from "./transcript.js";
import { versionWord } from "./version-words.js";

/**
 * One long-lived OpenSTA (or OpenROAD) that is given commands: one at a time, in the order asked, each watched over.
 * What changes the design is written down, so that it can be built again after a crash.
 * @example
 * await using session = await OpenStaSession.open();
 * await session.run("source setup.tcl");
 * for await (const path of session.streamReportChecks({ pathDelay: "max", endpoints: 1000 })) use(path);
 */
export class OpenStaSession {
  private constructor(private readonly tool: Tool) {}

  /**
   * Starts the tool and asks for its version.
   * @throws StaError `sta-missing`, or `sta-failed` if it does not start.
   */
  static async open(options: SessionOptions = {}): Promise<OpenStaSession> {
    return new OpenStaSession(await Tool.open(options));
  }

  get version(): ToolVersion {
    return this.tool.version;
  }

  get state(): SessionState {
    return this.tool.state;
  }

  /** The process of the tool, or null if it has ended. */
  get pid(): number | null {
    return this.tool.pid;
  }

  /** What the tool is doing, a few times a second while a command is under way; begins with how it stands now. */
  get activity(): Observable<Activity> {
    return this.tool.heartbeat.activity;
  }

  /** Every command given, in order (of those that change nothing, the last 10,000). */
  get transcript(): readonly TranscriptEntry[] {
    return this.tool.transcript.entries;
  }

  /**
   * WNS and TNS that the tool gave for the design as it stands, or null if no timing was asked for since its last change.
   * They are what a recovery is compared with.
   */
  get knownFigures(): TimingFigures | null {
    return this.tool.knownFigures;
  }

  /**
   * Runs one command. That it failed is told in the answer; whatever else goes wrong is thrown.
   * @throws StaError `sta-failed` if the tool dies under it, `output-too-large`, `stuck`, `timed-out`, `cancelled`,
   * `queue-full`, `not-running`, `closed`.
   * @example const { result, warnings, error } = await session.run("get_cells nosuch");
   */
  async run(command: string, options: CommandOptions = {}): Promise<CommandResult> {
    return await runCommand(this.tool, command, options);
  }

  /**
   * What a command prints, piece by piece as it is pulled: while nobody pulls, the tool stands still. Leaving the loop
   * or `signal` ends the command and leaves the session. Warnings stay where the tool prints them, between the lines.
   * @throws StaError while reading: what `run` throws, `command-failed` behind what had been printed, and `diverged`.
   * @example for await (const bytes of session.streamCommand("report_checks -group_count 100000")) out.write(bytes);
   */
  streamCommand(command: string, options: CommandOptions = {}): ByteSource {
    return streamCommand(this.tool, command, options);
  }

  /**
   * The records of a report_checks, in the words of the tool's version, each the moment it is printed. A filter goes to
   * the tool as far as its options say the same.
   * @throws StaError what `streamCommand` throws, and `invalid-request` for what this version or design does not have.
   */
  async *streamReportChecks(
    query: ReportChecksQuery,
    options: CommandOptions & RecordStreamOptions = {},
  ): AsyncGenerator<ReportRecord> {
    const asked = options.filter ? pushDown(options.filter, query) : query;
    await this.#refuseUnknownGroups(asked.group, options);
    const source = this.streamCommand(reportChecksCommand(asked, this.version), options);
    // The signal ends the command, and the stream with it.
    const { signal: _, ...reading } = options;
    yield* new RecordStream(source, reading);
  }

  /** Whether a text is a whole command: false while a brace, quote or bracket of it is open. */
  async isComplete(text: string): Promise<boolean> {
    return await this.tool.isComplete(text);
  }

  /** The clocks of the design. */
  async clocks(options: CommandOptions = {}): Promise<queries.ClockInfo[]> {
    return await queries.askClocks(this.#ask, options);
  }

  /** The worst slack of setup (`max`) or hold (`min`), in the tool's time unit; null if nothing is constrained. */
  async worstSlack(type: "max" | "min", options: CommandOptions = {}): Promise<number | null> {
    return await queries.askWorstSlack(this.#ask, type, options);
  }

  /** The names of the pins and ports where paths end. */
  async endpoints(options: CommandOptions = {}): Promise<string[]> {
    return await queries.askEndpoints(this.#ask, options);
  }

  /** The worst slack of each constrained endpoint for setup (`max`) or hold (`min`), in the tool's time unit. */
  async endpointSlacks(type: "max" | "min", options: CommandOptions = {}): Promise<Map<string, Printed>> {
    const [rise, fall] = (["rise", "fall"] as const).map((edge) =>
      versionWord("property", `slack_${type}_${edge}`, this.version.generation),
    ) as [string, string];
    return await queries.askEndpointSlacks(this.#ask, [rise, fall], options);
  }

  /** The endpoints' slacks counted into bins; OpenSTA itself has no histogram, so it is computed and says so. */
  async histogram(type: "max" | "min", bins?: number, options: CommandOptions = {}): Promise<SlackHistogram> {
    return slackHistogram([...(await this.endpointSlacks(type, options)).values()], bins);
  }

  /**
   * The timing arcs between two pins, or of one: records of kind `timing-arc`.
   * @throws StaError `invalid-request` if no pin is named, and what `streamCommand` throws.
   * @example for await (const record of session.streamEdges({ from: "_4731_/A" })) use(record);
   */
  async *streamEdges(
    ends: { readonly from?: string; readonly to?: string },
    options: CommandOptions = {},
  ): AsyncGenerator<ReportRecord> {
    const words = (["from", "to"] as const).flatMap((end) => {
      const pin = ends[end];
      return pin === undefined ? [] : [`-${end}`, tclWord(pin)];
    });
    if (words.length === 0)
      throw new StaError("invalid-request", "report_edges needs a pin", "Name where the arcs begin or end.");
    yield* new RecordStream(this.streamCommand(`report_edges ${words.join(" ")}`, options));
  }

  /**
   * All pins with their slacks: records of kind `pin-row`, as a pin table in a captured file has them.
   * @example for await (const record of session.streamPins()) use(record);
   */
  async *streamPins(options: CommandOptions = {}): AsyncGenerator<ReportRecord> {
    const names = ["max_rise", "max_fall", "min_rise", "min_fall"].map((each) => `slack_${each}`);
    const properties = names.map((name) => versionWord("property", name, this.version.generation));
    yield* new RecordStream(this.streamCommand(pinTableScript(names, properties), options));
  }

  /** The pins (or cells) that a pin, port or net hears. */
  async fanin(pins: string | readonly string[], options: queries.FanOptions = {}): Promise<string[]> {
    return await queries.askFan(this.#ask, "fanin", pins, options);
  }

  /** The pins (or cells) that hear a pin, port or net; `startpointsOnly` gives those where paths end. */
  async fanout(pins: string | readonly string[], options: queries.FanOptions = {}): Promise<string[]> {
    return await queries.askFan(this.#ask, "fanout", pins, options);
  }

  /** The constraints as the tool writes them, without its time stamp. */
  async writeSdc(options: CommandOptions = {}): Promise<string> {
    const file = join(this.tool.folder, `${randomBytes(8).toString("hex")}.sdc`);
    const { error } = await this.#ask(`write_sdc -no_timestamp ${tclWord(file)}`, options);
    if (error) throw error;
    try {
      const { size } = await stat(file);
      if (size > this.tool.limits.outputBytesMax)
        throw new StaError(
          "output-too-large",
          `the constraints have ${size.toLocaleString("en-US")} bytes`,
          "Write them to a file of your own with run(`write_sdc FILE`), or raise outputBytesMax.",
        );
      return await readFile(file, "utf8");
    } finally {
      await rm(file, { force: true });
    }
  }

  /**
   * Starts the tool anew, repeats every change in its order, and compares WNS and TNS with the last that were known.
   * Answers what differs: then the session is `diverged`. Null: it stands where it stood.
   * @throws StaError `not-running` if it was done too often, `sta-failed` if the tool dies again.
   */
  async recover(): Promise<string | null> {
    return await this.tool.recover();
  }

  /** Ends the tool, and with it whatever is under way. */
  async close(): Promise<void> {
    await this.tool.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #ask: queries.Ask = async (command, options) =>
    await runCommand(this.tool, command, { ...options, changesState: false, captures: true });

  async #refuseUnknownGroups(group: ObjectNames | undefined, options: CommandOptions): Promise<void> {
    for (const name of group === undefined ? [] : [group].flat()) {
      const known = versionWord("group", name, this.version.generation);
      if (!(await queries.hasPathGroup(this.#ask, known, options)))
        throw new StaError(
          "invalid-request",
          `the design has no path group ${name}`,
          "Groups are named for the capturing clocks and by group_path -name; for an unknown one the tool would report all.",
        );
    }
  }
}

/** Prints a pin table: a heading, then a pin a line, tab-separated. */
function pinTableScript(names: readonly string[], properties: readonly string[]): string {
  return `apply {{} {
    puts "# pin\\t${names.join("\\t")}"
    foreach pin [get_pins -hierarchical *] {
      set line [get_full_name $pin]
      foreach property {${properties.join(" ")}} { append line "\\t" [get_property $pin $property] }
      puts $line
    }
  }}`;
}
