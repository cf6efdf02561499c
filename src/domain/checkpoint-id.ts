/**
 * Checkpoint ids: `cp_{task}_{step}_{milliseconds}-{suffix}`. The suffix keeps ids of one millisecond apart; the old
 * form `cp_{task}_{step}_{seconds}` is still read.
 */

/**
 * @example generateCheckpointId({ taskId: "build", step: 3, at: new Date(1763690400123), suffix: "7f3k" })
 * // "cp_build_3_1763690400123-7f3k"
 */
export function generateCheckpointId(parts: { taskId: string; step: number; at: Date; suffix: string }): string {
  return `cp_${parts.taskId}_${parts.step}_${parts.at.getTime()}-${parts.suffix}`;
}

export interface ParsedCheckpointId {
  readonly taskId: string;
  readonly step: number;
  readonly at: Date;
  /** null in the old form. */
  readonly suffix: string | null;
}

/** Reads from the right, since task ids may hold underscores and digits; null if it is no checkpoint id. */
export function parseCheckpointId(id: string): ParsedCheckpointId | null {
  const match = /^cp_(.+)_(\d+)_(\d+)(?:-([0-9a-z]+))?$/su.exec(id);
  if (!match) return null;
  const [, taskId, step, time, suffix] = match as unknown as [string, string, string, string, string | undefined];
  const milliseconds = suffix === undefined ? Number(time) * 1000 : Number(time);
  return { taskId, step: Number(step), at: new Date(milliseconds), suffix: suffix ?? null };
}
