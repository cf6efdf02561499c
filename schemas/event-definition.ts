import type { z } from "zod";

/** One kind of event: its type name, the version of its data, and the schema that data must meet. */
export interface EventDefinition<Type extends string, Schema extends z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
}

/** Names an event, for inference: `DomainEvent<typeof stageCommitted>` is `{type: "StageCommitted", data: …}`. */
export function defineEvent<Type extends string, Schema extends z.ZodType>(
  definition: EventDefinition<Type, Schema>,
): EventDefinition<Type, Schema> {
  return definition;
}

/** The plain event that `decide` returns and `evolve` takes. */
export type DomainEvent<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema>
    ? { readonly type: Type; readonly data: Readonly<z.infer<Schema>> }
    : never;
