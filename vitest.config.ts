import { defineConfig } from "vitest/config";

/** Tests that need a PostgreSQL server: one is started for all of them, and only if one of them runs. */
const postgres = ["tests/**/postgres/*.test.ts"];

const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...limits, name: "here", include: ["tests/**/*.test.ts"], exclude: postgres } },
      {
        test: {
          ...limits,
          name: "postgres",
          include: postgres,
          // An open transaction of one test would hold back the logs of all others.
          fileParallelism: false,
          globalSetup: ["tests/store/postgres/postgres.setup.ts"],
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**", "projections/**", "schemas/**"],
      reporter: ["text-summary", "json-summary"],
    },
  },
});
