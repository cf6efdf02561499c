import { sealBytesMax, type StageSeal } from "../../schemas/stage-seal.js";

/** Leaves out of the seal what does not fit into its event: the manifest has the files, `paths` and `cat` the rest. */
export function fitting(seal: StageSeal): StageSeal {
  const smaller = [
    (whole: StageSeal) => whole,
    (whole: StageSeal) => ({ ...whole, files: null }),
    (whole: StageSeal) => ({
      ...whole,
      summary: whole.summary.map((each) => ({
        ...each,
        groups: each.groups.slice(0, 5),
        groupsOmitted: Math.max(0, each.groups.length - 5),
      })),
    }),
    (whole: StageSeal) => ({
      ...whole,
      summary: whole.summary.slice(0, 20).map((each) => ({ ...each, groups: [], histogram: null })),
    }),
  ];
  let fit = seal;
  for (const shrink of smaller) {
    fit = shrink(fit);
    if (JSON.stringify(fit).length <= sealBytesMax) break;
  }
  return fit;
}
