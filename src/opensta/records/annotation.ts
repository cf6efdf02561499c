import type { RecordPlace } from "./record-parts.js";

/** A row of report_annotated_delay or report_annotated_check. */
export interface AnnotationCount extends RecordPlace {
  readonly kind: "annotation";
  readonly of: "delay" | "check";
  /** `cell arcs`, `cell setup arcs`, …; `total` for the last row. */
  readonly arcs: string;
  /** null for `constant arcs`. */
  readonly total: number | null;
  readonly annotated: number;
  readonly notAnnotated: number;
}

/** A listed arc of the same commands. */
export interface AnnotatedArc extends RecordPlace {
  readonly kind: "annotated-arc";
  readonly annotated: boolean;
  /** `delay`, `internal net`, `primary input net`, `setup`, … */
  readonly role: string;
  readonly from: string;
  /** null for a period check. */
  readonly to: string | null;
  readonly condition: string | null;
}

/** A line of report_parasitic_annotation or report_activity_annotation (3.1.0). */
export interface AnnotationTotal extends RecordPlace {
  readonly kind: "annotation-total";
  readonly of: "parasitics" | "activity";
  /** `unannotated`, `partially unannotated`; of activities also `vcd`, `saif`, `input`. */
  readonly origin: string;
  readonly pins: number;
}

/** A pin that one of the same two commands lists. */
export interface AnnotationPin extends RecordPlace {
  readonly kind: "annotation-pin";
  readonly of: "parasitics" | "activity";
  readonly origin: string;
  readonly pin: string;
  /** Of a partially annotated driver: the load without parasitics. */
  readonly load: string | null;
}

export type AnnotationRecord = AnnotationCount | AnnotatedArc | AnnotationTotal | AnnotationPin;
