import { type Refusal, refuse } from "../domain/refusal.js";
import type { Ledger } from "./ledger.js";

/** Why nothing can be decided on a stream: an event of it is parked, so its state is not known. Null if none is. */
export function heldBack(ledger: Ledger, stream: string): Refusal | null {
  const parked = ledger.readModels.parked().find((each) => each.stream === stream);
  if (!parked) return null;
  const { number, type, projection, reason } = parked;
  return refuse(
    "conflict",
    `event ${number} (${type}) of ${stream} is parked by the read model ${projection}: ${reason}`,
    "Nothing was written. `ckpt projections --retry` tries the event again, once the cause is mended or with a newer ckpt.",
  );
}
