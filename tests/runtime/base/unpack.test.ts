import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { LIMITS, unpack } from "../../../src/runtime/base/unpack.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const start = (archive: string, folder: string, limits = LIMITS) =>
  unpack({ archive, folder, limits, signal: new AbortController().signal });

/** Writes an archive with Python: `[name, text]`, and links as `[name, target, "link"]`. */
function make(archive: string, entries: [string, string, string?][]): void {
  const zip = `
import zipfile
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
    for name, text, *kind in entries:
        info = zipfile.ZipInfo(name); info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o120777 if kind else 0o100755) << 16
        z.writestr(info, text)`;
  const tar = `
import tarfile, io
with tarfile.open(path, "w:gz" if path.endswith("gz") else "w") as t:
    for name, text, *kind in entries:
        info = tarfile.TarInfo(name); info.mode = 0o755
        if kind: info.type = tarfile.SYMTYPE; info.linkname = text
        else: info.size = len(text)
        t.addfile(info, None if kind else io.BytesIO(text.encode()))`;
  const program = `import sys, json\npath, entries = sys.argv[1], json.loads(sys.argv[2])${archive.endsWith("zip") ? zip : tar}`;
  execFileSync("python3", ["-c", program, archive, JSON.stringify(entries)]);
}

describe.each(["a.zip", "a.tar", "a.tar.gz"])("%s", (name) => {
  test("brings files, folders, modes and links", async () => {
    using folder = temporaryFolder();
    const archive = join(folder.path, name);
    const long = `${"deep/".repeat(30)}file.txt`;
    make(archive, [
      ["top.txt", "top"],
      ["in/b.txt", "x".repeat(70_000)],
      [long, "deep"],
      ["in/l", "b.txt", "link"],
    ]);
    const out = join(folder.path, "out");
    expect(await start(archive, out)).toBe(4);
    expect(readFileSync(join(out, "top.txt"), "utf8")).toBe("top");
    expect(readFileSync(join(out, "in/b.txt"), "utf8")).toHaveLength(70_000);
    expect(readFileSync(join(out, long), "utf8")).toBe("deep");
    expect(readlinkSync(join(out, "in/l"))).toBe("b.txt");
    expect(statSync(join(out, "top.txt")).mode & 0o777).toBe(0o755);
  });

  test.each<[string, [string, string, string?][]]>([
    ["by its name", [["../evil.txt", "x"]]],
    ["by an absolute name", [["/tmp/evil-unpack.txt", "x"]]],
    ["by a link of its own", [["l", "..", "link"]]],
    ["through a link made deeper", [["a/l", "../../..", "link"]]],
  ])("leaves its folder neither %s", async (_, entries) => {
    using folder = temporaryFolder();
    make(join(folder.path, name), entries);
    await expect(start(join(folder.path, name), join(folder.path, "out"))).rejects.toThrow("leave");
    expect(existsSync(join(folder.path, "evil.txt"))).toBe(false);
  });

  test("nor through a link that is there", async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, "out");
    mkdirSync(out);
    mkdirSync(join(folder.path, "elsewhere"));
    symlinkSync("../elsewhere", join(out, "l"));
    make(join(folder.path, name), [["l/evil.txt", "x"]]);
    await expect(start(join(folder.path, name), out)).rejects.toThrow("leave");
    expect(existsSync(join(folder.path, "elsewhere/evil.txt"))).toBe(false);
  });

  test("is stopped when it comes to far too much", async () => {
    using folder = temporaryFolder();
    make(join(folder.path, name), [
      ["in/small", "new"],
      ["mine.txt", "new"],
      ["zeros", "0".repeat(90_000)],
    ]);
    const limits = { ...LIMITS, freeBytes: 1000, ratio: 0.5 };
    const out = join(folder.path, "out");
    await expect(start(join(folder.path, name), out, limits)).rejects.toThrow("far more");
    expect(existsSync(out)).toBe(false);
    mkdirSync(join(out, "in"), { recursive: true });
    writeFileSync(join(out, "mine.txt"), "mine");
    await expect(start(join(folder.path, name), out, limits)).rejects.toThrow("far more");
    expect(readdirSync(out, { recursive: true }).sort()).toEqual(["in", "mine.txt"]);
    expect(readFileSync(join(out, "mine.txt"), "utf8")).toBe("mine");
  });
});

test("files of before are replaced, also in a folder that a link leads to", async () => {
  using folder = temporaryFolder();
  const out = join(folder.path, "out");
  mkdirSync(join(out, "real"), { recursive: true });
  symlinkSync("real", join(out, "l"));
  writeFileSync(join(out, "real/a"), "old");
  make(join(folder.path, "a.zip"), [
    ["l/a", "new"],
    ["b", "new"],
  ]);
  await start(join(folder.path, "a.zip"), out);
  expect(readFileSync(join(out, "real/a"), "utf8")).toBe("new");
  expect(readlinkSync(join(out, "l"))).toBe("real");
  expect(readdirSync(out).sort()).toEqual(["b", "l", "real"]);
});

test("what is no archive is said", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "a.zip"), "<html>not found</html>");
  await expect(start(join(folder.path, "a.zip"), folder.path)).rejects.toThrow("no archive");
});
