// Terminals need one native file per platform, from the prebuilt packages of @lydell/node-pty.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.mjs";
import { cache, root, staticDir } from "../paths.mjs";

const PLATFORMS = ["linux-x64", "linux-arm64"];

/**
 * Makes the bundle look for `pty.node` next to itself instead of in a package, and only when somebody imports
 * node-pty, so that a machine where it cannot be loaded still gets a runner.
 */
export const terminalsPlugin = {
  name: "terminals",
  setup(build) {
    const inNodePty = ({ importer }) => importer.includes("@lydell/node-pty/");
    build.onResolve({ filter: /^\.\/(requireBinary|windowsTerminal)$/ }, (args) =>
      inNodePty(args) ? { path: args.path.slice(2), namespace: "terminals" } : undefined,
    );
    build.onLoad({ filter: /^requireBinary$/, namespace: "terminals" }, () => ({ contents: REQUIRE_BINARY }));
    build.onLoad({ filter: /^windowsTerminal$/, namespace: "terminals" }, () => ({ contents: NO_WINDOWS }));
  },
};

const REQUIRE_BINARY = `
import { createRequire } from "node:module";
export function requireBinary(file) {
  const platform = process.platform + "-" + process.arch;
  try {
    return createRequire(import.meta.url)("./pty/" + platform + "/" + file);
  } catch (cause) {
    throw new Error("Terminals cannot be opened on " + platform + ": " + cause.message, { cause });
  }
}`;

const NO_WINDOWS = `
export class WindowsTerminal {
  constructor() {
    throw new Error("Terminals cannot be opened on Windows.");
  }
}`;

/** Puts `pty/<platform>/pty.node` next to the bundles. One that cannot be had is left out with a word about it. */
export async function placeTerminals({ exec, say, allPlatforms }) {
  for (const platform of PLATFORMS) {
    const target = join(staticDir, "pty", platform, "pty.node");
    mkdirSync(join(target, ".."), { recursive: true });
    try {
      // Programs that run have the present file mapped, and would crash if it were written to.
      const next = `${target}.${process.pid}`;
      copyFileSync(await findTerminal(platform, exec), next);
      renameSync(next, target);
    } catch (error) {
      if (allPlatforms) throw error;
      say(`  Left out: terminals for ${platform} (${error.message.split("\n")[0]})`);
    }
  }
}

async function findTerminal(platform, exec) {
  const name = `@lydell/node-pty-${platform}`;
  const installed = join(root, "node_modules", name, "pty.node");
  if (existsSync(installed)) return installed;

  // npm does not install packages for another processor.
  const { version, integrity } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages[
    `node_modules/${name}`
  ];
  const folder = join(cache, "terminals", `${platform}-${version}`);
  const archive = join(folder, `lydell-node-pty-${platform}-${version}.tgz`);
  if (!existsSync(archive)) {
    mkdirSync(folder, { recursive: true });
    await exec("npm", ["pack", `${name}@${version}`, "--pack-destination", folder]);
  }
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) {
    throw new SetupError(
      `${name} ${version} is not the file that package-lock.json names.`,
      `Delete ${folder} and try again.`,
    );
  }
  await exec("tar", ["-xzf", archive, "-C", folder, "package/pty.node"]);
  return join(folder, "package/pty.node");
}
