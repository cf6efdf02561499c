import { newCommandKey } from "../../src/ledger/command-key.js";

/** Bytes of data that every contender stores an event. */
const dataBytes = 451;

/** The type of every event but the first of a ledger's stream. */
export const eventType = "CheckpointProgressed";

/** Data of one event, as long in JSON as all others. */
export function progress(step: number): { stepNumber: number; stepDescription: string } {
  return padded({ stepNumber: step, stepDescription: "" });
}

/** Fills `stepDescription` until the JSON text has the length that all events have. */
export function padded<Data extends { stepDescription: string }>(data: Data): Data {
  return { ...data, stepDescription: "x".repeat(dataBytes - JSON.stringify(data).length) };
}

/** The id of one writer's checkpoint: streams of the same length for every contender. */
export const checkpointId = (writer: number) => `cp_bench_${writer}_1767225600000-a`;

const noHash = "0".repeat(64);

/** Metadata of the size that the ledger's has, for those who do not hash. */
export function plainMetadata(): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    at: new Date().toISOString(),
    actor: "bench",
    correlation: newCommandKey(new Date()),
    payload: noHash,
    prev: noHash,
    hash: noHash,
  };
}
