/** FNV-1a with 32 bits: `hash = (hash ^ byte) * factor` for each byte. */
export const hashStart = 0x811c9dc5;
export const hashFactor = 0x01000193;

export function hashOf(bytes: Uint8Array): number {
  let hash = hashStart;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, hashFactor);
  return hash;
}
