import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const records = fileURLToPath(new URL("../../src/opensta/report-records.ts", import.meta.url));
const page = readFileSync(new URL("../../docs/reports.md", import.meta.url), "utf8");

/** The fields of each kind of record, as the compiler sees them. */
function declaredKinds(): Record<string, string[]> {
  const program = ts.createProgram([records], { strict: true, module: ts.ModuleKind.NodeNext });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(records)!)!);
  const union = checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === "ReportRecord")!);
  const kinds = (union as ts.UnionType).types.map((type) => {
    const kind = checker.getTypeOfSymbol(type.getProperty("kind")!) as ts.StringLiteralType;
    const names = type.getProperties().map((property) => property.name);
    return [kind.value, names.filter((name) => !["kind", "byteOffset", "line"].includes(name)).toSorted()] as const;
  });
  return Object.fromEntries(kinds);
}

/** The same as docs/reports.md tells them. */
function documentedKinds(): Record<string, string[]> {
  const rows = ["## Records", "## Other commands"].flatMap((heading) => {
    const from = page.indexOf("| kind", page.indexOf(heading));
    return page.slice(from, page.indexOf("\n\n", from)).split("\n").slice(2);
  });
  return Object.fromEntries(
    rows.map((row) => {
      const cells = row.split("|").map((cell) => cell.trim());
      const words = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
      return [words(cells[1]!)[0], words(cells[4]!).toSorted()];
    }),
  );
}

it("documents every kind of record with all its fields, and no other", () => {
  const declared = declaredKinds();
  expect(Object.keys(declared).length).toBeGreaterThan(10);
  expect(documentedKinds()).toEqual(declared);
});
