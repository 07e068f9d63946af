import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { folder } from "../../../../src/runtime/catalog/sources/folder.js";
import { toWireError } from "../../../../src/runtime/protocol/errors.js";
import { catalogWorld } from "../../../helpers/catalog-world.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const { world } = catalogWorld("/home/ada");

function put(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const read = (address: string) => folder.open({ id: "mine", kind: "folder", address }, world).read();

test("each launcher in it is a package, by what stands in its file; nothing of it is run", async () => {
  using root = temporaryFolder();
  put(root.path, {
    "one/pinokio.js": `globalThis.wasRun = true;
module.exports = { version: "2.0", title: "One", description: 'It\\'s not read', icon: "icon.svg", menu: [] }`,
    "one/icon.svg": "<svg/>",
    "two/pinokio.json": '{"title": "Two\\u202e", "description": "The second"}',
    "three/pinokio/pinokio.js": "module.exports = make()",
    "none/readme.txt": "no launcher",
    ".hidden/pinokio.js": "module.exports = {}",
  });
  const { packages } = await read(root.path);
  expect(packages.map(({ id, name, summary, install, icon }) => ({ id, name, summary, install, icon }))).toEqual([
    {
      id: "mine/one",
      name: "One",
      summary: "",
      install: join(root.path, "one"),
      icon: `data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}`,
    },
    { id: "mine/three", name: "three", summary: "", install: join(root.path, "three"), icon: null },
    { id: "mine/two", name: "two", summary: "The second", install: join(root.path, "two"), icon: null },
  ]);
  expect("wasRun" in globalThis).toBe(false);
});

test("a folder that is a launcher itself is one package", async () => {
  using root = temporaryFolder();
  put(root.path, { "pinokio.js": 'module.exports = { title: "Self" }' });
  expect((await read(root.path)).packages.map(({ name }) => name)).toEqual(["Self"]);
});

test("a picture is taken only from inside the launcher's folder", async () => {
  using root = temporaryFolder();
  put(root.path, { "a/pinokio.js": 'module.exports = { icon: "out.svg" }', "secret.svg": "<svg/>" });
  symlinkSync(join(root.path, "secret.svg"), join(root.path, "a/out.svg"));
  expect((await read(root.path)).packages[0]?.icon).toBeNull();
});

test.each([
  ["that is not there", (root: string) => join(root, "missing"), /is not there/],
  ["that is a file", (root: string) => join(root, "file"), /is no folder/],
])("a folder %s says so", async (_, place, sentence) => {
  using root = temporaryFolder();
  put(root.path, { file: "x" });
  const error: unknown = await read(place(root.path)).catch((reason: unknown) => reason);
  expect(toWireError(error)).toMatchObject({ code: "source-unreadable", message: expect.stringMatching(sentence) });
});

test("its path is written whole, and what is no path is none", () => {
  expect(folder.addressOf("~/apps", world, false)).toBe("/home/ada/apps");
  expect(folder.addressOf("/apps/../other/", world, false)).toBe("/other");
  expect(folder.addressOf("apps", world, false)).toBeNull();
  expect(folder.addressOf("https://example.org/x", world, false)).toBeNull();
});
