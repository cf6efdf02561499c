/**
 * A full report that nobody has on disk: paths whose pins have names of their own, so that names pile up as fast as they
 * ever could. Given in pieces of about 256 kB, at the reader's pace.
 */
export class MadeReport {
  /** Distinct pins given so far, and the bytes of their names. */
  names = 0;
  nameBytes = 0;
  paths = 0;

  constructor(private readonly bytesMax: number) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let bytes = 0; bytes < this.bytesMax;) {
      let text = "";
      while (text.length < 256 * 1024) text += this.#path();
      bytes += text.length;
      yield Buffer.from(text, "latin1");
    }
  }

  #pin(kind: string): string {
    const pin = `g_lane[${this.names % 10}].u_lane/_${this.names}_/${kind}`;
    this.names++;
    this.nameBytes += pin.length;
    return pin;
  }

  /** About 1.5 kB with five new pins. */
  #path(): string {
    const slack = ((this.paths * 7919) % 4000) / 1000 - 1;
    this.paths++;
    const [clock, out, in1, out1, end] = ["CLK", "Q", "A", "Y", "D"].map((kind) => this.#pin(kind)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const instance = (pin: string) => pin.slice(0, pin.lastIndexOf("/"));
    const row = (delay: string, time: string, text: string) => `${delay.padStart(7)} ${time.padStart(7)} ${text}\n`;
    return (
      `Startpoint: ${instance(clock)}\n          (rising edge-triggered flip-flop clocked by clk_a)\n` +
      `Endpoint: ${instance(end)}\n          (rising edge-triggered flip-flop clocked by clk_a)\n` +
      `Path Group: clk_a\nPath Type: max\n\n  Delay    Time   Description\n${rule}` +
      row("0.00", "0.00", "  clock clk_a (rise edge)") +
      row("0.65", "0.65", "  clock network delay (propagated)") +
      row("0.00", "0.65", `^ ${clock} (DFFPOSX1)`) +
      row("0.21", "0.86", `v ${out} (DFFPOSX1)`) +
      row("0.00", "0.86", `v ${in1} (INVX1)`) +
      row("0.19", "1.05", `^ ${out1} (INVX1)`) +
      row("0.00", "1.05", `^ ${end} (DFFPOSX1)`) +
      row("", "1.05", "  data arrival time\n") +
      row("4.00", "4.00", "  clock clk_a (rise edge)") +
      row("0.65", "4.65", "  clock network delay (propagated)") +
      row("-0.25", "4.40", "  clock uncertainty") +
      row("0.00", "4.40", "  clock reconvergence pessimism") +
      row("-0.31", "4.09", "  library setup time") +
      row("", "4.09", "  data required time") +
      rule +
      row("", "4.09", "  data required time") +
      row("", "-1.05", "  data arrival time") +
      rule +
      row("", slack.toFixed(2), `  slack (${slack < 0 ? "VIOLATED" : "MET"})\n\n`)
    );
  }
}

const rule = `${"-".repeat(57)}\n`;
