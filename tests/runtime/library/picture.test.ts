import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { pictureOf } from "../../../src/runtime/library/picture.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a small picture of the app is shown; nothing else is read", async () => {
  using folder = temporaryFolder();
  const app = join(folder.path, "app");
  mkdirSync(app);
  const put = (name: string, text: string) => {
    writeFileSync(join(app, name), text);
    return join(app, name);
  };
  expect(await pictureOf(app, put("icon.svg", "<svg/>"))).toBe("data:image/svg+xml;base64,PHN2Zy8+");
  expect(await pictureOf(app, put("icon.txt", "words"))).toBeNull();
  expect(await pictureOf(app, put("big.png", "x".repeat(200_001)))).toBeNull();

  put("../secret.png", "secret");
  expect(await pictureOf(app, join(app, "../secret.png"))).toBeNull();
  symlinkSync("../secret.png", join(app, "link.png"));
  expect(await pictureOf(app, join(app, "link.png"))).toBeNull();
  execFileSync("mkfifo", [join(app, "pipe.png")]);
  expect(await pictureOf(app, join(app, "pipe.png"))).toBeNull();
});
