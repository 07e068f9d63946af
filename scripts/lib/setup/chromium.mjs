// The browser tests use the distribution's Chromium; none is downloaded.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { SetupError } from "../errors.mjs";
import { run } from "../run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HINT =
  "Install Chromium (on Debian: sudo apt-get install chromium) or set PINOKIOCLOUD_CHROMIUM to one, then run this again.";

/** The path of a Chromium, installed from the distribution's packages when it is missing and we may. */
export async function findChromium(progress) {
  const found = process.env.PINOKIOCLOUD_CHROMIUM || NAMES.map(findOnPath).find(Boolean);
  if (found) return found;
  const asRoot = await waysToBecomeRoot();
  if (!findOnPath("apt-get") || asRoot === null) {
    throw new SetupError("The browser tests need Chromium, which was not found.", HINT);
  }
  await progress.step(
    "Chromium",
    async ({ exec }) => {
      const apt = (...args) => {
        const [file, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
        return exec(file, rest);
      };
      await apt("update").catch(() => {}); // An outdated list may still do.
      await apt("install", "-y", "--no-install-recommends", "chromium");
    },
    HINT,
  );
  const installed = NAMES.map(findOnPath).find(Boolean);
  if (!installed) throw new SetupError("Chromium was installed, but is not on PATH.", HINT);
  return installed;
}

/** The words before a command that make it run as root without a question, or null. */
async function waysToBecomeRoot() {
  if (process.getuid?.() === 0) return [];
  return (await run("sudo", ["-n", "true"])).code === 0 ? ["sudo", "-n"] : null;
}

function findOnPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
