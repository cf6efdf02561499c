/**
 * The layers of ARCHITECTURE.md: every arrow points one way, type-only imports included.
 * schemas <- domain <- store <- projections <- ledger <- edges; codec and system are leaves, integrity and cache see only
 * system; opensta and timing see only schemas, codec, system (and timing sees opensta's records and the cache).
 */
const layers = {
  schemas: ["^schemas/"],
  integrity: ["^src/integrity/", "^src/system/"],
  codec: ["^src/codec/"],
  system: ["^src/system/"],
  cache: ["^src/cache/", "^src/system/"],
  domain: ["^src/domain/", "^schemas/"],
  store: ["^src/store/", "^src/domain/", "^schemas/", "^src/integrity/", "^src/system/"],
  projections: ["^projections/", "^src/store/", "^src/domain/", "^schemas/", "^src/integrity/", "^src/system/"],
  opensta: ["^src/opensta/", "^schemas/", "^src/codec/", "^src/system/"],
  timing: ["^src/timing/", "^src/opensta/", "^schemas/", "^src/codec/", "^src/cache/", "^src/system/"],
  ledger: [
    "^src/ledger/",
    "^src/timing/",
    "^src/opensta/",
    "^src/codec/",
    "^src/cache/",
    "^projections/",
    "^src/store/",
    "^src/domain/",
    "^schemas/",
    "^src/integrity/",
  ],
};
const place = { schemas: "^schemas/", projections: "^projections/" };
const own = (layer) => place[layer] ?? `^src/${layer}/`;

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "edges-apart",
      severity: "error",
      comment: "one edge does not import another; they share the ledger's verbs",
      from: { path: "^src/(http|cli|mcp)/" },
      to: { path: "^src/(http|cli|mcp)/", pathNot: ["^src/$1/", "^src/http/serve\\.ts$"] },
    },
    {
      name: "nest-only-in-http",
      severity: "error",
      from: { pathNot: "^src/http/|^src/main\\.ts$" },
      to: { path: "@nestjs/" },
    },
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `layer-${layer}`,
      severity: "error",
      comment: `${layer} may import only: ${allowed.join(", ")}`,
      from: { path: own(layer) },
      to: { path: "^(src|projections|schemas|tests|bench|examples|web)/", pathNot: [own(layer), ...allowed] },
    })),
    {
      name: "no-tests-in-product",
      severity: "error",
      from: { path: "^(src|projections|schemas)/" },
      to: { path: "^(tests|bench|examples)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { extensions: [".ts", ".js"], conditionNames: ["import", "types", "node"] },
  },
};
