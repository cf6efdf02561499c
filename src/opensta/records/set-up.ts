import type { Printed, PrintedFigure } from "./printed.js";
import type { RecordPlace } from "./record-parts.js";

/** A line of report_units (3.1.0): ` time 1ns`. */
export interface UnitLine extends RecordPlace {
  readonly kind: "unit";
  readonly quantity: string;
  readonly scale: Printed;
  readonly unit: string;
}

/** An object that check_setup -verbose lists below its warning. */
export interface SetupWarning extends RecordPlace {
  readonly kind: "setup-warning";
  /** `input port missing set_input_delay` */
  readonly problem: string;
  readonly count: number;
  readonly object: string;
}

/** A command of write_sdc. */
export interface Constraint extends RecordPlace {
  readonly kind: "constraint";
  readonly command: string;
  /** Its words as written, lines joined: `-from`, `[get_clocks {clk_a}]`. */
  readonly arguments: readonly string[];
}

/** A line of a list of names; only where a text is said to be one. */
export interface NameLine extends RecordPlace {
  readonly kind: "name";
  readonly name: string;
}

/** A line of report_constant; only where a text is said to be of them. */
export interface ConstantLine extends RecordPlace {
  readonly kind: "constant";
  readonly pin: string;
  readonly value: string;
  /** By set_case_analysis, and by set_logic_*. */
  readonly caseValue: string | null;
  readonly logicValue: string | null;
}

/** A name and a value of a dump of properties; only where a text is said to be one. */
export interface PropertyLine extends RecordPlace {
  readonly kind: "property";
  readonly name: string;
  readonly text: string;
  /** The text as a number, if it is one. */
  readonly value: PrintedFigure | null;
}

export type SetUpRecord = UnitLine | SetupWarning | Constraint | NameLine | ConstantLine | PropertyLine;
