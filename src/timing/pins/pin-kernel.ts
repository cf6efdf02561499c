interface Global {
  readonly value: number;
}

/** What src/kernels/timing exports for names and pin tables. All addresses are unsigned 32 bit; `>>> 0` makes them so. */
export interface PinKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly rawText: Global;
  readonly rawBytes: Global;
  readonly rawPieces: Global;
  readonly rawCount: Global;
  readonly rows: Global;
  readonly pinOfRow: Global;
  readonly values: Global;
  readonly driverOfPin: Global;
  readonly typeOfInstance: Global;
  readonly basePinOfRow: Global;
  readonly baseValues: Global;
  readonly baseDrivers: Global;
  readonly baseTypes: Global;
  readonly codedAt: Global;
  readonly plainAt: Global;
  allocate(bytes: number): number;
  mark(): number;
  release(place: number): void;
  internPin(from: number, to: number): number;
  findPin(from: number, to: number): number;
  pinCount(): number;
  instanceCount(): number;
  pinInstance(pin: number): number;
  pinPort(pin: number): number;
  writePin(pin: number, to: number): number;
  writeInstance(instance: number, to: number): number;
  nameBytesMax(): number;
  codeNames(from: number, to: number): number;
  startEncoding(coded: number, codedMax: number, plain: number, plainMax: number): void;
  finishEncoding(): void;
  startDecoding(coded: number, codedSize: number, plain: number, plainSize: number): void;
  isWholeRead(): number;
  codedBytes(): number;
  plainBytes(): number;
  beginTable(columns: number, hasSlacks: boolean, hasArrivals: boolean, rowsMost: number): void;
  setColumn(column: number, value: number): void;
  beginBase(rows: number, pins: number, instances: number, comparable: boolean): void;
  setRows(count: number): void;
  keepRaw(from: number, to: number): void;
  beginRaw(bytesMax: number): void;
  setRaw(text: number, bytes: number, pieces: number, count: number): void;
  clearFormat(): void;
  formatBits(): number;
  setFormat(bits: number): number;
  scan(from: number, to: number, last: boolean): number;
  encodeTable(firstNew: number): void;
  decodeTable(
    coded: number,
    codedSize: number,
    plain: number,
    plainSize: number,
    firstNew: number,
    pinEnd: number,
    rows: number,
  ): number;
  beginRender(): void;
  render(to: number, end: number, nameMax: number): number;
  isRendered(): number;
}
