import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.mjs";
import { root, venvPython } from "../paths.mjs";
import { fingerprint, isFresh, markFresh, markStale } from "../stamps.mjs";
import { installPackages } from "./python.mjs";

const SOURCES = [
  "pinokiocloud",
  "jupyter-config",
  "pyproject.toml",
  "hatch_build.py",
  "install.json",
  "package.json",
  "README.md",
  "LICENSE",
];

const hint = "Correct what the lines above name and run this again.";

/** The Python package, built into `dist/` and installed into `.venv`. */
export async function ensureWheel(progress) {
  await buildWheel(progress);
  const wheel = findWheel();
  const content = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  const outputs = [".venv/pinokiocloud.json", ".venv/etc/jupyter/jupyter_server_config.d"];
  if (isFresh("wheel-installed", content, outputs)) return;
  await progress.step(
    "Python package into .venv",
    ({ exec }) => installPackages(exec, ["--no-deps", "--reinstall", wheel]),
    hint,
  );
  markFresh("wheel-installed", content, outputs);
}

async function buildWheel(progress) {
  const input = fingerprint(SOURCES);
  if (isFresh("wheel", input, ["dist"])) return;
  markStale("wheel");
  await progress.step(
    "Python package",
    async ({ exec }) => {
      mkdirSync(join(root, "dist"), { recursive: true });
      for (const name of wheels()) rmSync(join(root, "dist", name));
      await exec(venvPython, ["-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]);
    },
    hint,
  );
  markFresh("wheel", input, ["dist"]);
}

export function findWheel() {
  const [name] = wheels();
  if (!name) throw new SetupError("dist/ holds no wheel.", "Run node scripts/build.mjs --wheel.");
  return join(root, "dist", name);
}

const wheels = () => readdirSync(join(root, "dist")).filter((name) => name.endsWith(".whl"));
