/**
 * SDC, a record a command, as write_sdc prints it:
 *
 *     ###############################################################################
 *     # Created by write_sdc
 *     ###############################################################################
 *     current_design top
 *     set_false_path\
 *         -from [get_clocks {vio}]\
 *         -to [get_clocks {clk_b}]
 *
 * or, where a text is said to be SDC, as people write it.
 */
import type { Line } from "../line.js";
import { sdcCommands, SdcNesting } from "../sdc-commands.js";
import type { RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const writtenSdc: ReportFormat = {
  name: "write_sdc",
  initials: "#",
  open: (line, emit) => (/^#{20,}\s*$/.test(line.beginning) ? new WrittenSdc(emit) : null),
};

/** Any SDC text; no line of it proves that it is one. */
export const anySdc: ReportFormat = {
  name: "sdc",
  open(line, emit) {
    const reader = new AnySdc(emit);
    return reader.take(line) === "taken" ? reader : null;
  },
};

/** The longest command that is read. */
const commandBytesMax = 1 << 24;

const known = /^(?:set|unset|create|define|remove|group|current)_\w+(?:\s|\\|$)/;

/** Options and objects; numbers stand in the line of one. */
const continuation = /^\s+[-[\]{}"]/;

/** Lines of one command, as they come. */
class CommandLines {
  #lines: string[] = [];
  #bytes = 0;
  #place: RecordPlace = { byteOffset: 0, line: 0 };

  get open(): boolean {
    return this.#lines.length > 0;
  }

  add(line: Line, text: string): void {
    if (!this.open) this.#place = line.place;
    this.#bytes += text.length;
    if (this.#bytes <= commandBytesMax || !this.open) this.#lines.push(text);
  }

  drop(): void {
    this.#lines = [];
    this.#bytes = 0;
  }

  tell(emit: Emit): void {
    const whole = this.#bytes <= commandBytesMax;
    for (const [command = "", ...words] of whole ? sdcCommands(this.#lines.join("\n")) : [])
      emit({ kind: "constraint", command, arguments: words, ...this.#place });
    this.drop();
  }
}

const goesOn = (text: string): boolean => /(?:^|[^\\])(?:\\\\)*\\$/.test(text);

/** The lines of a command but the last end in a backslash, and all but the first are indented. */
class WrittenSdc implements SectionReader {
  /** Until the line that names write_sdc. */
  readonly tentative = true;
  #named = false;
  readonly #command = new CommandLines();

  constructor(private readonly emit: Emit) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    if (line.first === 35) {
      this.#named ||= /^# Created by write_sdc\b/.test(text);
      return this.#named ? "taken" : "foreign";
    }
    const begins = known.test(text);
    if (begins) this.#command.drop();
    if (!this.#named || !(begins || (this.#command.open && continuation.test(text)))) return "foreign";
    this.#command.add(line, text);
    if (!goesOn(text)) this.#command.tell(this.emit);
    return "taken";
  }
}

/** A command ends where its brackets, braces and quotes are closed. */
class AnySdc implements SectionReader {
  readonly #command = new CommandLines();
  #nesting = new SdcNesting();

  constructor(private readonly emit: Emit) {}

  take(line: Line): LineVerdict {
    const { text } = line;
    if (line.isBlank || (!this.#command.open && /^\s*#/.test(text))) return "taken";
    this.#command.add(line, text);
    this.#nesting.add(text);
    if (goesOn(text) || this.#nesting.isOpen) return "taken";
    this.#command.tell(this.emit);
    return "taken";
  }

  /** What is left open at the end is told as far as it goes. */
  finish(): void {
    if (this.#command.open) this.#command.tell(this.emit);
    this.#nesting = new SdcNesting();
  }
}
