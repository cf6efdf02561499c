import { z } from "zod";
import { uuid } from "../names.js";
import { defineEvent } from "../event-definition.js";

/** The first event of all, on stream `ledger`: which ledger this is and how its bytes are to be read. */
export const ledgerCreated = defineEvent({
  type: "LedgerCreated",
  version: 1,
  schema: z.strictObject({ ledgerId: uuid, formatVersion: z.int().min(1) }),
});
