import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import { uuid } from "../../schemas/names.js";
import { refuse } from "../domain/refusal.js";
import type { Caller } from "../ledger/ledger.js";
import { RefusedException } from "./problem.js";

/** Who asks, from `X-Actor`, and under which key, from `Idempotency-Key` (a UUID): a retry does nothing twice. */
export const RequestCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
  const key = headers["idempotency-key"];
  const parsed = key === undefined ? undefined : uuid.safeParse(key.replaceAll('"', ""));
  if (parsed && !parsed.success)
    throw new RefusedException(
      refuse("invalid", "Idempotency-Key is no UUID", "Draw a UUID (version 7 is best) for each command."),
    );
  return { actor: headers["x-actor"], key: parsed?.data };
});
