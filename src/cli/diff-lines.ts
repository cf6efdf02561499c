import type { EndpointChange, StageDiff, TypeDiff } from "../ledger/diff.js";
import { constraintTexts, signed, splitText } from "../ledger/diff-text.js";
import { count, table } from "./output.js";

/** A comparison for people: figures, groups, the worst changes with their parts, the constraints. */
export function diffLines(diff: StageDiff): string[] {
  return [
    `${diff.from} -> ${diff.to}`,
    ...diff.types.flatMap((each) => ["", ...typeLines(each), ...listLines(each.endpoints)]),
    ...constraintLines(diff.constraints),
  ];
}

function typeLines(diff: TypeDiff): string[] {
  const name = `${diff.type === "max" ? "setup" : "hold"}${diff.corner === null ? "" : ` (${diff.corner})`}`;
  const source = [...new Set(diff.sources)].join(" and ");
  const gone = [
    ...(diff.noLongerConstrained > 0
      ? [
          `${count(diff.noLongerConstrained)} endpoints are NO LONGER CONSTRAINED (${diff.pinTable ?? source}: INF); ${count(diff.noLongerConstrainedViolating)} of them violated before (${fixed(diff.noLongerConstrainedTns)})`,
        ]
      : []),
    ...(diff.notObserved > 0
      ? [
          `${count(diff.notObserved)} endpoints are not observed any more: the later reports do not show them, which does not mean they are fixed`,
        ]
      : []),
  ];
  const all = { group: "all", wns: diff.wns, tns: diff.tns, violations: diff.violations };
  const rows = diff.group === null ? [all, ...diff.groups] : diff.groups;
  const figures = [...new Set(diff.figureSources)].filter((each) => each !== null).join(" and ");
  return [
    `${name}: ${count(diff.both)} endpoints on both sides, ${count(diff.appeared)} appeared, ${count(diff.notObserved)} not observed     source: ${source} (${diff.digits} digits)${figures === source ? "" : `; WNS and TNS of all: ${figures}`}`,
    ...table(
      [
        ["group", "WNS", "", "", "TNS", "", "", "violating", "", ""],
        ...rows.map(({ group, wns, tns, violations }) => [
          group,
          ...[fixed(wns[0]), "->", fixed(wns[1])],
          ...[fixed(tns[0]), "->", fixed(tns[1])],
          ...[count(violations[0]), "->", count(violations[1])],
        ]),
      ],
      [0],
    ),
    `${count(diff.worse)} worse, ${count(diff.better)} better, ${count(diff.unchanged)} unchanged; ${count(diff.beganToViolate)} began to violate, ${count(diff.mended)} mended`,
    ...gone,
    ...(diff.worst.length > 0 ? ["worst changes"] : []),
    ...diff.worst.flatMap(changeLines),
  ];
}

function listLines(endpoints: TypeDiff["endpoints"]): string[] {
  if (endpoints.length === 0) return [];
  return table(
    [
      ["endpoint", "change", "before", "after"],
      ...endpoints.map(({ endpoint, change, crossed, before, after }) => [
        endpoint,
        crossed === null ? change : `${change}, ${crossed}`,
        before === null ? "-" : String(before),
        after === null ? "-" : String(after),
      ]),
    ],
    [0, 1],
  );
}

function changeLines({ endpoint, before, after, change, split }: EndpointChange): string[] {
  const head = split
    ? ` ${signed(split.change, split.digits)}  ${split.before.toFixed(split.digits)} -> ${split.after.toFixed(split.digits)}  ${endpoint}`
    : ` ${signed(change, 2)}  ${before.toFixed(2)} -> ${after.toFixed(2)}  ${endpoint}`;
  return [head, ...(split ? [`        ${splitText(split)}`] : [])];
}

function constraintLines(constraints: StageDiff["constraints"]): string[] {
  const texts = constraintTexts(constraints);
  if (!constraints) return [];
  return [
    "",
    texts.length === 0 ? `constraints (${constraints.source}): unchanged` : `constraints (${constraints.source}):`,
    ...texts.map((text) => `  ${text}`),
  ];
}

function fixed(value: number | null): string {
  return value === null ? "-" : value.toFixed(2);
}
