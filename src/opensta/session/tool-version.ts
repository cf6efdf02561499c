/** 2 is the OpenSTA of 2019 (Debian), 3 is that of scenes; their options and words differ. */
export type ToolGeneration = 2 | 3;

export interface ToolVersion {
  readonly tool: "sta" | "openroad";
  /** As it calls itself: `2.0.17`. */
  readonly version: string;
  readonly generation: ToolGeneration;
}

/** Asks a running tool what it is: a Tcl list of its version, whether it knows scenes, whether it is openroad. */
export const versionQuery =
  "list [expr {[info commands ::sta::version] eq {} ? {} : [::sta::version]}] " +
  "[expr {[info commands ::define_scene] ne {}}] " +
  "[expr {[info commands ::ord::openroad_version] eq {} ? {} : [::ord::openroad_version]}]";

/**
 * What the answer to `versionQuery` says. What the tool can do decides, not the number: builds between 2.0 and 3.0
 * took over the new words one by one, and only those with scenes have them all.
 */
export function toolVersion([version = "", scenes = "0", openroad = ""]: readonly string[]): ToolVersion {
  return {
    tool: openroad === "" ? "sta" : "openroad",
    version: openroad === "" ? version : openroad,
    generation: scenes === "1" ? 3 : 2,
  };
}
