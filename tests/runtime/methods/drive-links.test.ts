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
    link: (routes: Record<string, string | string[]>, takesLinks = true): Promise<void> => {
      const request = { root: at(app), app: at(app), drive: at("home/drive"), peers: [], own: "own" };
      return linkFolders({ ...request, routes }, { ...context, takesLinks });
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("a link leads to the drive", () => {
  test("from an app that lies elsewhere", async () => {
    using w = world();
    w.put("far/away/dev/models/m.bin");
    symlinkSync(w.at("far/away/dev"), w.at("home/api/app"));
    await w.link({ m: "models" });
    expect(lstatSync(w.at("far/away/dev/models")).isSymbolicLink()).toBe(true);
    expect(readFileSync(w.at("far/away/dev/models/m.bin"), "utf8")).toBe("x");
    await w.link({ m: "models" });
    expect(w.context.notes.join("")).not.toContain("already");
  });

  test("from a folder that a link in the app leads to", async () => {
    using w = world();
    w.put("home/api/app/deep/down/real/m/m.bin");
    symlinkSync("deep/down/real", w.at("home/api/app/short"));
    await w.link({ m: "short/m" });
    expect(lstatSync(w.at("home/api/app/deep/down/real/m")).isSymbolicLink()).toBe(true);
    expect(readFileSync(w.at("home/api/app/short/m/m.bin"), "utf8")).toBe("x");
  });

  test("from a folder on the drive", async () => {
    using w = world();
    w.put("home/api/app/models/loras/l.bin");
    await w.link({ models: "models" });
    await w.link({ loras: "models/loras" });
    expect(readFileSync(w.at("home/api/app/models/loras/l.bin"), "utf8")).toBe("x");
  });
});

describe("a folder outside of the app stays what it is", () => {
  test.each(["sub/m", "sub/none/m"])("%s", async (link) => {
    using w = world();
    w.put("outside/m/secret");
    w.put("home/api/app/models/m.bin");
    symlinkSync(w.at("outside"), w.at("home/api/app/sub"));
    await expect(w.link({ models: "models", esc: link })).rejects.toThrow(PinokioError);
    await expect(w.link({ esc: link })).rejects.toThrow(`leads to ${w.at("outside")}`);
    expect(readdirSync(w.at("outside"), { recursive: true }).sort()).toEqual(["m", "m/secret"]);
    expect(lstatSync(w.at("home/api/app/models")).isSymbolicLink()).toBe(false);
    expect(existsSync(w.at("home/drive"))).toBe(false);
  });

  test("also while it is missing", async () => {
    using w = world();
    w.put("home/api/app/x");
    symlinkSync("../../../gone", w.at("home/api/app/sub"));
    await expect(w.link({ esc: "sub/m" })).rejects.toThrow("which is not there");
    expect(existsSync(w.at("gone"))).toBe(false);
  });
});

describe("where the disk takes no links", () => {
  test("a folder stays the app's, and gets copies of what the drive has and it lacks", async () => {
    using w = world();
    w.put("home/api/other/models/m.bin");
    w.put("home/api/app/models/own.bin");
    await linkFolders(
      {
        root: w.at("home/api/other"),
        app: w.at("home/api/other"),
        drive: w.at("home/drive"),
        peers: [],
        own: "own",
        routes: { m: "models" },
      },
      w.context,
    );
    await w.link({ m: ["models", "more"] }, false);
    expect(lstatSync(w.at("home/api/app/models")).isDirectory()).toBe(true);
    expect(readdirSync(w.at("home/api/app/models")).sort()).toEqual(["m.bin", "own.bin"]);
    expect(readdirSync(w.at("home/api/app/more"))).toEqual(["m.bin"]);
    expect(w.context.notes.join("")).toContain("models got copies of 1 file of the drive (1 B)");
  });

  test("nothing of the app goes to the drive", async () => {
    using w = world();
    w.put("home/api/app/models/own.bin");
    await w.link({ m: "models" }, false);
    expect(readFileSync(w.at("home/api/app/models/own.bin"), "utf8")).toBe("x");
    expect(existsSync(w.at("home/drive/drives.json"))).toBe(false);
  });
});
