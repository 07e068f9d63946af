// Breaks every border rule once, in a folder of its own, and asks whether each is noticed.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const root = fileURLToPath(new URL("../..", import.meta.url));
const config = join(root, ".dependency-cruiser.cjs");

const SIBLINGS = [
  "script",
  "methods",
  "environments",
  "storage",
  "platforms",
  "tunnels",
  "catalog",
  "repositories",
  "configuration",
  "library",
  "resources",
  "recovery",
  "models",
  "freeing",
];

/** [rule, file that breaks it, what it imports] */
const BROKEN = [
  ["no-cycles", "src/runtime/base/a.ts", "./a2.js"],
  ["resolvable", "src/runtime/base/b.ts", "./missing.js"],
  ["protocol-imports-nothing-of-ours", "src/runtime/protocol/c.ts", "../base/ok.js"],
  ["protocol-imports-nothing-of-ours", "src/runtime/protocol/d.ts", "node:fs"],
  ["client-imports-protocol-only", "src/runtime/client/e.ts", "../base/ok.js"],
  ["search-imports-protocol-only", "src/runtime/catalog/search/y.ts", "../ok.js"],
  ["base-imports-protocol-only", "src/runtime/base/f.ts", "../config/ok.js"],
  ["config-imports-base-and-protocol-only", "src/runtime/config/g.ts", "../storage/ok.js"],
  ...SIBLINGS.flatMap((sibling) =>
    SIBLINGS.filter((other) => other !== sibling).map((other) => [
      "siblings-do-not-import-each-other",
      `src/runtime/${sibling}/to-${other}.ts`,
      `../${other}/ok.js`,
    ]),
  ),
  ["siblings-do-not-import-each-other", "src/runtime/storage/h.ts", "../server/ok.js"],
  ["check-reads-the-language-only", "src/runtime/check/u.ts", "../methods/ok.js"],
  ["check-reads-the-language-only", "src/runtime/check/v.ts", "node:child_process"],
  ["script-starts-nothing", "src/runtime/script/i.ts", "node:child_process"],
  ["screens-are-drawn-apart", "src/runtime/screen/w.ts", "../server/ok.js"],
  ["screens-are-drawn-apart", "src/runtime/screen/x.ts", "node:child_process"],
  ["runner-and-supervisor-meet-in-protocol", "src/runtime/runner/j.ts", "../supervisor/ok.js"],
  ["runner-and-supervisor-meet-in-protocol", "src/runtime/supervisor/k.ts", "../runner/ok.js"],
  ["only-server-knows-http", "src/runtime/supervisor/l.ts", "node:http"],
  ["only-server-knows-http", "src/runtime/main.ts", "https"],
  ["nobody-imports-entry-points", "src/runtime/server/m.ts", "../main.js"],
  ["nobody-imports-entry-points", "src/runtime/cli/n.ts", "../runner.js"],
  ["browser-imports-protocol-client-and-search-only", "src/widgets/o.ts", "../runtime/base/ok.js"],
  ["browser-imports-protocol-client-and-search-only", "src/labextension/p.ts", "../runtime/config/ok.js"],
  ["widgets-do-not-know-jupyterlab", "src/widgets/q.ts", "../labextension/ok.js"],
  ["widgets-do-not-know-jupyterlab", "src/widgets/r.ts", "@lumino/widgets"],
  ["lists-are-the-way-in", "src/runtime/main-two.ts", "./platforms/ok.js"],
  ["lists-are-the-way-in", "src/widgets/s.ts", "./tabs/ok.js"],
  ["sources-stand-alone", "src/runtime/base/t.ts", "../../../scripts/ok.js"],
];

const FOLDERS = [...SIBLINGS, "base", "config", "protocol", "client", "server", "supervisor", "runner", "cli"];
const SOUND = [
  ...FOLDERS.map((name) => `src/runtime/${name}/ok.ts`),
  ...["src/labextension/ok.ts", "src/widgets/tabs/ok.ts", "src/runtime/runner.ts", "scripts/ok.ts"],
];

let folder;
let violations;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pinokiocloud-borders-"));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of SOUND) write(path, "export const ok = 1;\n");
  write("src/runtime/base/a2.ts", 'export type * from "./a.js";\n');
  for (const [, path, imported] of BROKEN)
    write(path, `import type * as broken from "${imported}";\nexport type T = typeof broken;\n`);
  write("tsconfig.json", '{ "compilerOptions": { "module": "nodenext", "target": "ES2022" } }');
  write("node_modules/@lumino/widgets/package.json", '{ "name": "@lumino/widgets", "main": "index.js" }');
  write("node_modules/@lumino/widgets/index.js", "");
  symlinkSync(join(root, "node_modules/typescript"), join(folder, "node_modules/typescript"));
  violations = cruise();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(BROKEN)("%s: %s imports %s", (rule, path) => {
  expect(violations).toContainEqual({ rule, path });
});

test("every rule is broken here once", () => {
  const rules = createRequire(import.meta.url)(config).forbidden.map(({ name }) => name);
  expect(new Set(BROKEN.map(([rule]) => rule))).toEqual(new Set(rules));
});

function cruise() {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  let output;
  try {
    output = execFileSync(process.execPath, [program, "--config", config, "--output-type", "json", "src"], {
      cwd: folder,
      encoding: "utf8",
    });
  } catch (error) {
    output = error.stdout; // ends with the number of violations
  }
  return JSON.parse(output).summary.violations.map(({ rule, from }) => ({ rule: rule.name, path: from }));
}
