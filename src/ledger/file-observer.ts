import { reportFormats } from "../opensta/formats/formats.js";
import { pinTable } from "../opensta/formats/pin-table.js";
import { writtenSdc } from "../opensta/formats/sdc.js";
import { reportKind } from "../opensta/report-kind.js";
import type { ReportNote, ReportRecord, TimingFigure } from "../opensta/report-records.js";
import { type ReportConsumer, ReportScanner } from "../opensta/report-scanner.js";
import type { FileKind } from "../../schemas/stage-seal.js";
import { EndpointCollector } from "../timing/endpoint-slacks.js";
import { TableSkip } from "./table-skip.js";
import type { FileTiming } from "../timing/stage-summary.js";

/** Figures that one file may tell; more than that is no report of them. */
const figuresMax = 1000;

const beginningBytes = 16_384;

/** Pin tables and SDC are known by how they begin; nothing here needs their many rows. */
const observedFormats = reportFormats.filter((format) => format !== pinTable && format !== writtenSdc);

/** Reads a file's text as it passes by on its way into the ledger: what it is, and what it says of timing. */
export class FileObserver {
  readonly #collector: EndpointCollector;
  readonly #figures: TimingFigure[] = [];
  readonly #beginning: Buffer[] = [];
  #beginningBytes = 0;
  readonly #kinds = new Set<ReportRecord["kind"]>();
  readonly #scanner: ReportScanner;
  readonly #table = new TableSkip();
  paths = 0;
  /** Records that end without their slack, and the last row of a pin table that no line feed ends. */
  readonly cut: ReportNote[] = [];

  constructor(
    private readonly file: string,
    private readonly corner: string | null,
  ) {
    this.#collector = new EndpointCollector(corner);
    const consumer: ReportConsumer = {
      paths: (batch) => {
        this.#kinds.add("path");
        this.paths += batch.count;
        this.#collector.addPaths(batch);
      },
      pathRows: false,
      endpoints: (batch) => {
        this.#kinds.add("endpoint");
        this.#collector.addEndpoints(batch);
      },
      record: (record) => {
        this.#kinds.add(record.kind);
        if (record.kind === "figure" && this.#figures.length < figuresMax) this.#figures.push(record);
      },
      note: (note) => {
        if (note.code === "cut-record" && this.cut.length < 100) this.cut.push(note);
      },
    };
    this.#scanner = new ReportScanner(consumer, observedFormats);
  }

  push(bytes: Uint8Array): void {
    if (this.#beginningBytes < beginningBytes) {
      this.#beginning.push(Buffer.from(bytes.subarray(0, beginningBytes)));
      this.#beginningBytes += bytes.length;
    }
    this.#scanner.isQuiet = this.#table.skips(bytes);
    this.#scanner.push(bytes);
  }

  finish(): { readonly kind: FileKind; readonly timing: FileTiming } {
    this.#scanner.finish();
    this.#scanner.close();
    const kind = reportKind(this.#kinds, Buffer.concat(this.#beginning).toString("latin1"));
    if (kind === "pins") this.#checkEnd();
    const timingKind = kind === "paths" || kind === "endpoints" || kind === "figures" ? kind : "other";
    const { file, corner } = this;
    return {
      kind,
      timing: { file, kind: timingKind, corner, series: this.#collector.series(), figures: this.#figures },
    };
  }

  /** A table that was cut inside its last number looks whole but for its last line feed. */
  #checkEnd(): void {
    const { unended } = this.#scanner;
    if (!unended) return;
    const { byteOffset, line } = unended;
    const message = "no line feed ends the table's last row: it may be cut";
    this.cut.push({ severity: "warning", code: "cut-record", byteOffset, line, message });
  }
}
