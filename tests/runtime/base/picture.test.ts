import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { pictureIn } from "../../../src/runtime/base/picture.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a small picture of the app is shown; nothing else is read", async () => {
  using folder = temporaryFolder();
  const app = join(folder.path, "app");
  mkdirSync(app);
  const put = (name: string, text: string) => {
    writeFileSync(join(app, name), text);
    return join(app, name);
  };
  expect(await pictureIn(app, put("icon.svg", "<svg/>"), 200_000)).toBe("data:image/svg+xml;base64,PHN2Zy8+");
  expect(await pictureIn(app, put("icon.txt", "words"), 200_000)).toBeNull();
  expect(await pictureIn(app, put("big.png", "x".repeat(200_001)), 200_000)).toBeNull();

  put("../secret.png", "secret");
  expect(await pictureIn(app, join(app, "../secret.png"), 200_000)).toBeNull();
  symlinkSync("../secret.png", join(app, "link.png"));
  expect(await pictureIn(app, join(app, "link.png"), 200_000)).toBeNull();
  execFileSync("mkfifo", [join(app, "pipe.png")]);
  expect(await pictureIn(app, join(app, "pipe.png"), 200_000)).toBeNull();
});
