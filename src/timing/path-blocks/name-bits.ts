const ownBits = 31;

/** A bit for each name: the first 31 have one of their own, all others share the last. Sets of names are 32 bits then. */
export class NameBits {
  /** The names that have a bit of their own, in its order. */
  constructor(readonly names: string[] = []) {}

  /** The name's bit; a new name gets one. */
  add(name: string): number {
    if (!this.names.includes(name) && this.names.length < ownBits) this.names.push(name);
    return this.of(name);
  }

  /** The name's bit; 0 if it was never added. */
  of(name: string): number {
    const at = this.names.indexOf(name);
    if (at >= 0) return 2 ** at;
    return this.names.length < ownBits ? 0 : 2 ** ownBits;
  }
}
