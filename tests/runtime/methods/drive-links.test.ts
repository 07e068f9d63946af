import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { linkFolders } from "../../../src/runtime/methods/drive-links.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Paths are relative to a folder that holds the home. */
function world(app = "home/api/app") {
  const folder = temporaryFolder();
  const at = (path: string): string => join(folder.path, path);
  mkdirSync(at("home/api"), { recursive: true });
  const context = fakeContext({ home: at("home"), cwd: at(app) });
  return {
    at,
    context,
    put: (path: string): void => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), "x");
    },
    link: (routes: Record<string, string | string[]>): void => {
      const request = { root: at(app), app: at(app), drive: at("home/drive"), peers: [], own: "own" };
      linkFolders({ ...request, routes }, context);
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("a link leads to the drive", () => {
  test("from an app that lies elsewhere", () => {
    using w = world();
    w.put("far/away/dev/models/m.bin");
    symlinkSync(w.at("far/away/dev"), w.at("home/api/app"));
    w.link({ m: "models" });
    expect(lstatSync(w.at("far/away/dev/models")).isSymbolicLink()).toBe(true);
    expect(readFileSync(w.at("far/away/dev/models/m.bin"), "utf8")).toBe("x");
    w.link({ m: "models" });
    expect(w.context.notes.join("")).not.toContain("already");
  });

  test("from a folder that a link in the app leads to", () => {
    using w = world();
    w.put("home/api/app/deep/down/real/m/m.bin");
    symlinkSync("deep/down/real", w.at("home/api/app/short"));
    w.link({ m: "short/m" });
    expect(lstatSync(w.at("home/api/app/deep/down/real/m")).isSymbolicLink()).toBe(true);
    expect(readFileSync(w.at("home/api/app/short/m/m.bin"), "utf8")).toBe("x");
  });

  test("from a folder on the drive", () => {
    using w = world();
    w.put("home/api/app/models/loras/l.bin");
    w.link({ models: "models" });
    w.link({ loras: "models/loras" });
    expect(readFileSync(w.at("home/api/app/models/loras/l.bin"), "utf8")).toBe("x");
  });
});

describe("a folder outside of the app stays what it is", () => {
  test.each(["sub/m", "sub/none/m"])("%s", (link) => {
    using w = world();
    w.put("outside/m/secret");
    w.put("home/api/app/models/m.bin");
    symlinkSync(w.at("outside"), w.at("home/api/app/sub"));
    expect(() => w.link({ models: "models", esc: link })).toThrow(PinokioError);
    expect(() => w.link({ esc: link })).toThrow(`leads to ${w.at("outside")}`);
    expect(readdirSync(w.at("outside"), { recursive: true }).sort()).toEqual(["m", "m/secret"]);
    expect(lstatSync(w.at("home/api/app/models")).isSymbolicLink()).toBe(false);
    expect(existsSync(w.at("home/drive"))).toBe(false);
  });

  test("also while it is missing", () => {
    using w = world();
    w.put("home/api/app/x");
    symlinkSync("../../../gone", w.at("home/api/app/sub"));
    expect(() => w.link({ esc: "sub/m" })).toThrow("which is not there");
    expect(existsSync(w.at("gone"))).toBe(false);
  });
});
