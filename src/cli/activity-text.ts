import type { Activity } from "../opensta/session/heartbeat.js";
import { size } from "./output.js";

/** `searching 12 s (11.8 s of CPU)`, `printing 12 s, 34.5 MB` */
export function activityText({ state, elapsedMs, cpuMs, bytes }: Activity): string {
  const printed = bytes > 0 ? `, ${size(bytes)}` : "";
  return `${state} ${(elapsedMs / 1000).toFixed(0)} s (${(cpuMs / 1000).toFixed(1)} s of CPU)${printed}`;
}
