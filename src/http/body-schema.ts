import type { ApiBodyOptions } from "@nestjs/swagger";
import { z } from "zod";

/** A zod schema as OpenAPI shows a request body. */
export function bodySchema(schema: z.ZodType): NonNullable<Extract<ApiBodyOptions, { schema: unknown }>["schema"]> {
  return z.toJSONSchema(schema, { io: "input", target: "openapi-3.0", unrepresentable: "any" }) as ReturnType<
    typeof bodySchema
  >;
}
