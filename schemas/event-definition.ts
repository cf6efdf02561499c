import type { z } from "zod";

/** One kind of event: its type name, the version of its data, and the schema that data must meet. */
export interface EventDefinition<Type extends string, Schema extends z.ZodType> {
  readonly type: Type;
  /** From 1; raised when the data's shape or meaning changes, together with one more upcast. */
  readonly version: number;
  readonly schema: Schema;
  /** What brings data of older versions up: the first takes version 1 to 2, the next 2 to 3. */
  readonly upcasts?: readonly Upcast[];
}

/** Data of one version as data of the next. Pure: stored events never change, they are brought up whenever they are read. */
export type Upcast = (data: never) => unknown;

/**
 * Names an event, for inference: `DomainEvent<typeof stageCommitted>` is `{type: "StageCommitted", data: …}`.
 * @throws Error if there is not one upcast for each older version.
 */
export function defineEvent<Type extends string, Schema extends z.ZodType>(
  definition: EventDefinition<Type, Schema>,
): EventDefinition<Type, Schema> {
  const { type, version, upcasts = [] } = definition;
  if (upcasts.length !== version - 1)
    throw new Error(`${type} has version ${version} and ${upcasts.length} upcasts: it needs ${version - 1}`);
  return definition;
}

/** The plain event that `decide` returns and `evolve` takes. */
export type DomainEvent<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema>
    ? { readonly type: Type; readonly data: Readonly<z.infer<Schema>> }
    : never;
