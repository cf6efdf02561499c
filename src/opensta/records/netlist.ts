import type { PrintedFigure } from "./printed.js";
import type { RecordPlace } from "./record-parts.js";

/** A capacitance, or a range: `0.00`, `r 0.15 f 0.15`, `0.1:0.2`; as printed where it is none of these. */
export interface Capacitance {
  readonly rise: PrintedFigure | null;
  readonly fall: PrintedFigure | null;
  readonly text: string;
}

/** report_net. */
export interface NetSummary extends RecordPlace {
  readonly kind: "net";
  readonly name: string;
  readonly pinCapacitance: Capacitance | null;
  readonly wireCapacitance: Capacitance | null;
  readonly totalCapacitance: Capacitance | null;
  readonly drivers: number | null;
  readonly loads: number | null;
  readonly pins: number | null;
}

/** A pin that report_net lists. */
export interface NetPin extends RecordPlace {
  readonly kind: "net-pin";
  readonly net: string;
  readonly role: "driver" | "load" | "hierarchical" | "other";
  readonly pin: string;
  readonly direction: string;
  /** null for a port or a hierarchical pin. */
  readonly cell: string | null;
  readonly port: boolean;
  /** What follows as printed: capacitances, a location. */
  readonly rest: string | null;
}

/** report_instance. */
export interface InstanceSummary extends RecordPlace {
  readonly kind: "instance";
  readonly name: string;
  readonly cell: string;
  readonly library: string;
  readonly pathCells: string | null;
}

/** A pin that report_instance lists. */
export interface InstancePin extends RecordPlace {
  readonly kind: "instance-pin";
  readonly instance: string;
  readonly pin: string;
  readonly direction: string;
  /** null if it is not connected. */
  readonly net: string | null;
}

/** A pin connected to one of the instance's pins: 2.0.17 with -connections -verbose. */
export interface ConnectedPin extends RecordPlace {
  readonly kind: "connected-pin";
  readonly instance: string;
  readonly pin: string;
  readonly connected: string;
  readonly direction: string;
}

/** A cell inside an instance of report_instance. */
export interface InstanceChild extends RecordPlace {
  readonly kind: "instance-child";
  readonly instance: string;
  readonly child: string;
  readonly cell: string;
}

/** report_pin (2.0.17). */
export interface PinSummary extends RecordPlace {
  readonly kind: "pin";
  readonly name: string;
  readonly direction: string;
  readonly capacitance: Capacitance | null;
  /** null if it is not connected. */
  readonly net: string | null;
}

export type NetlistRecord =
  NetSummary | NetPin | InstanceSummary | InstancePin | ConnectedPin | InstanceChild | PinSummary;
