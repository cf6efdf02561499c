/** Where a part of a log begins: what follows comes from this banner or command, until the next section. */
export interface Section {
  readonly kind: "section";
  /** As printed, without its decoration or prompt. */
  readonly title: string;
  /** The command that the title names, if it names one. */
  readonly command: string | null;
  /** A prompt with its echoed command, a framed title, or a line that names the command behind `SC_METRIC:`. */
  readonly source: "prompt" | "banner" | "metric";
  readonly byteOffset: number;
  readonly line: number;
}

/** What the tool says of its own: `Warning 101: run.tcl line 1, …`, `[WARNING STA-0366] …`. */
export interface ToolMessage {
  readonly level: "info" | "warning" | "error";
  /** `101`, `STA-0366`; 2.0.17 prints none. */
  readonly code: string | null;
  /** The script, and its line, that the message came from. */
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
  /** The indented lines below it. */
  readonly items: readonly string[];
}
