import type { z } from "zod";

/** Each problem as `field.path: what is wrong`, for people; `root` names the whole value. */
export function describeIssues(error: z.ZodError, root: string): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.reduce<string>(
      (text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
      root,
    );
    return path ? `${path}: ${issue.message}` : issue.message;
  });
}
