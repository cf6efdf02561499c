import { refuse, type Refusal } from "../domain/refusal.js";
import { namePattern } from "../../schemas/names.js";
import { ackMsDefault, type WorkItem } from "../store/competing-consumers.js";
import { type CompiledSelection, compileSelection, type EventSelection } from "./event-selection.js";
import { type EventView, viewEvent } from "./event-view.js";
import type { Ledger } from "./ledger.js";

export interface GroupOptions extends EventSelection {
  /** Workers that name the same group share its events; letters, digits, `.`, `_` and `-`, 100 at most. */
  readonly group: string;
  /** Where a new group begins; default: with the first event. A group that is there goes on where it was. */
  readonly from?: "start" | "end";
  /** Events that this worker may hold unsettled; default 10. */
  readonly inFlightMax?: number;
  /** How long it may hold one before it goes to another worker, in milliseconds; default 30 s. */
  readonly ackMs?: number;
  /** Ends the work without an error; what is not settled goes to others. */
  readonly signal?: AbortSignal;
}

/** An event for this worker: settle it by exactly one of `done`, `again`, `park` and `skip`. */
export interface GroupItem {
  readonly event: EventView;
  /** How often it was delivered before. */
  readonly retries: number;
  done(): Promise<void>;
  /** Deliver it again after a while, to whoever is free; after 11 times it is parked. */
  again(reason: string): Promise<void>;
  /** Put it aside until `retryParked`. */
  park(reason: string): Promise<void>;
  /** Nobody needs to do it. */
  skip(reason: string): Promise<void>;
}

/**
 * Work on the events of a group beside its other workers, in this process or any other: each event goes to one of them,
 * those of a stream in order, and comes again if it is not settled. How far the group has come is kept by the ledger's
 * engine. At least once: after a failure an event may come that was settled, so work has to bear being done twice.
 *
 * Refused: a selection that lets nothing through, and what cannot be a group. The items throw GroupDiffersError if the
 * group was made with another selection.
 * @example
 * const joined = joinGroup(ledger, { group: "mail", states: ["failed"] });
 * if (joined.ok)
 *   for await (const item of joined.items) {
 *     await sendMail(item.event);
 *     await item.done();
 *   }
 */
export function joinGroup(
  ledger: Pick<Ledger, "store" | "groups">,
  options: GroupOptions,
): { readonly ok: true; readonly items: AsyncGenerator<GroupItem> } | Refusal {
  const { group, from, inFlightMax = 10, ackMs = ackMsDefault, signal } = options;
  if (!namePattern.test(group)) return noGroup(group);
  for (const [what, value] of Object.entries({ inFlightMax, ackMs }))
    if (!Number.isInteger(value) || value < 1)
      return refuse("invalid", `${what} is ${value}`, "It is a whole number from 1.");
  const selection = compileSelection(ledger.store, options);
  if (!selection.ok) return selection;
  const { filter, isWanted } = selection;
  const work = { group, filter, inFlightMax, ackMs, ...(from ? { from } : {}), ...(signal ? { signal } : {}) };
  return { ok: true, items: wantedItems(ledger.groups.compete(work), isWanted) };
}

/** Has what the workers of a group have parked delivered again. */
export async function retryParked(
  ledger: Pick<Ledger, "groups">,
  group: string,
): Promise<{ readonly ok: true } | Refusal> {
  if (!namePattern.test(group)) return noGroup(group);
  await ledger.groups.retryParked(group);
  return { ok: true };
}

async function* wantedItems(
  items: AsyncIterable<WorkItem>,
  isWanted: CompiledSelection["isWanted"],
): AsyncGenerator<GroupItem> {
  for await (const item of items)
    if (await isWanted(item.event)) yield { ...item, event: viewEvent(item.event) };
    else await item.skip("not selected");
}

function noGroup(text: string): Refusal {
  const cure = "It begins with a letter or digit, then letters, digits, '.', '_' or '-', 100 at most.";
  return refuse("invalid", `"${text}" cannot be the name of a group`, cure);
}
