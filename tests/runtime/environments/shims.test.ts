import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { writeShims } from "../../../src/runtime/environments/shims.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A home whose shims were written, with a stand-in for uv; `prefix` is where its Python keeps programs. */
function prepared({ hasUv = true } = {}) {
  const folder = temporaryFolder();
  const [home, prefix] = [join(folder.path, "my home"), join(folder.path, "prefix")];
  const log = join(folder.path, "calls");
  mkdirSync(join(prefix, "bin"), { recursive: true });
  mkdirSync(home);
  const put = (name: string, text: string) =>
    writeFileSync(join(prefix, "bin", name), `#!/bin/sh\n${text}`, { mode: 0o755 });
  // As uv does: the program, and the Python it needs, appear together.
  const install = `
    echo "uv $*\${UV_PYTHON_PREFERENCE:+ with $UV_PYTHON_PREFERENCE}" >> ${log}
    [ "$1" = tool ] || exit 0
    [ ! -e ${folder.path}/offline ] || exit 2
    bin="$UV_TOOL_DIR/huggingface-hub/bin"; mkdir -p "$bin"
    printf '#!/bin/sh\\necho "hf $*"\\n' > "$bin/hf"; cp "$bin/hf" "$bin/python"; chmod +x "$bin"/*`;
  if (hasUv) for (const name of ["uv", "uvx"]) put(name, name === "uv" ? install : "echo uvx");
  // Laid out as the runtime's, but with no Python around it that would bring a real uv.
  const runtime = join(folder.path, "runtime");
  for (const below of ["bin", "lib/node_modules"]) mkdirSync(join(runtime, below), { recursive: true });
  symlinkSync(process.execPath, join(runtime, "bin/node"));
  symlinkSync(join(process.execPath, "../../lib/node_modules/npm"), join(runtime, "lib/node_modules/npm"));
  const world = {
    home,
    node: join(runtime, "bin/node"),
    commandLine: join(folder.path, "cli.mjs"),
    searchPath: `${join(prefix, "bin")}:/usr/bin:/bin`,
  };
  const run = (name: string, ...args: string[]) =>
    execFileSync(join(home, "bin", name), args, {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", HOME: folder.path, UV_PYTHON_PREFERENCE: "only-managed" },
      stdio: "pipe",
    });
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { ...world, folder, world, run, calls, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("node, npm and npx are the runtime's own, and run", () => {
  using at = prepared();
  expect(writeShims(at.world)).toBeNull();
  expect(at.run("node", "-p", "process.execPath + ' ' + process.argv[1]", "a b").trim()).toBe(
    `${process.execPath} a b`,
  );
  expect(at.run("shims/npm", "--version")).toMatch(/^\d+\.\d+/);
  expect(at.run("npx", "--version")).toMatch(/^\d+\.\d+/);
});

test("hf is installed at its first use, with any Python, and only then", () => {
  using at = prepared();
  writeShims(at.world);
  expect(at.calls()).toEqual([]);
  expect(at.run("hf", "download", "x/y", "--include", "*.md")).toBe("hf download x/y --include *.md\n");
  expect(at.run("hf", "auth")).toBe("hf auth\n");
  expect(at.calls()).toEqual(["uv tool install --quiet huggingface_hub"]);
});

test("an installation that failed is tried again", () => {
  using at = prepared();
  writeShims(at.world);
  writeFileSync(join(at.folder.path, "offline"), "");
  expect(() => at.run("hf", "version")).toThrow();
  execFileSync("rm", [join(at.folder.path, "offline")]);
  expect(at.run("hf", "version")).toBe("hf version\n");
});

test.each([
  [["download", "x/y"], "hf download x/y"],
  [["login", "--token", "t"], "hf auth login --token t"],
  [["whoami"], "hf auth whoami"],
])("huggingface-cli %j is %s", (args, expected) => {
  using at = prepared();
  writeShims(at.world);
  expect(at.run("huggingface-cli", ...args).trim()).toBe(expected);
});

test("what is as it should be is not written again", () => {
  using at = prepared();
  writeShims(at.world);
  const bin = join(at.home, "bin");
  const times = () => [...readdirSync(bin), "shims/npm"].map((name) => [name, statSync(join(bin, name)).ino]);
  const before = times();
  expect(before.map(([name]) => name)).toEqual([
    "conda",
    "hf",
    "huggingface-cli",
    "node",
    "npx",
    "shims",
    "uv",
    "uvx",
    "shims/npm",
  ]);
  writeShims(at.world);
  expect(times()).toEqual(before);
});

test("another Node changes its shims; a program that somebody else put there stays", () => {
  using at = prepared();
  mkdirSync(join(at.home, "bin"));
  writeFileSync(join(at.home, "bin/uv"), "own\n");
  writeShims(at.world);
  expect(readFileSync(join(at.home, "bin/uv"), "utf8")).toBe("own\n");
  const moved = join(at.folder.path, "node");
  writeFileSync(moved, "#!/bin/sh\necho moved\n", { mode: 0o755 });
  writeShims({ ...at.world, node: moved });
  expect(at.run("node")).toBe("moved\n");
  expect(existsSync(join(at.home, "bin/shims/npm"))).toBe(false);
});

test("without uv there is none of what needs it; a home that takes nothing is said, not thrown", () => {
  using at = prepared({ hasUv: false });
  expect(writeShims({ ...at.world, searchPath: "/nowhere" })).toBeNull();
  expect(existsSync(join(at.home, "bin/hf"))).toBe(false);
  writeFileSync(join(at.folder.path, "file"), "");
  expect(writeShims({ ...at.world, home: join(at.folder.path, "file") })).toContain(at.folder.path);
});
