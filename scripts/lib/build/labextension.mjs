import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.mjs";
import { cache, readPackage, root } from "../paths.mjs";

/** JupyterLab's own builder; it reads what `tsc` wrote to `lib/`. */
export async function buildLabextension(exec) {
  for (const needed of ["lib/labextension/index.js", "style/index.js"]) {
    if (!existsSync(join(root, needed))) {
      throw new SetupError(
        `${needed} does not exist, so the JupyterLab extension cannot be built.`,
        "Run npm run build.",
      );
    }
  }
  const stage = stagePackage();
  try {
    await exec(process.execPath, [
      "node_modules/@jupyter/builder/lib/build-labextension.js",
      "--core-package-file",
      "node_modules/@jupyterlab/core-meta/core.package.json",
      stage,
    ]);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * The builder copies `package.json` to the extension and wants a `dependencies` table in it, which npm removes
 * when it is empty. So it gets a folder with links to ours and the parts of `package.json` that JupyterLab reads.
 */
function stagePackage() {
  const stage = join(cache, "labextension-package");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of ["lib", "style", "schema", "pinokiocloud", "scripts"]) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(stage, name));
  }
  const { name, version, description, license, type, main, style, styleModule, jupyterlab } = readPackage();
  const lab = { ...jupyterlab, webpackConfig: "scripts/lib/build/labextension-config.cjs" };
  const metadata = {
    name,
    version,
    description,
    license,
    type,
    main,
    style,
    styleModule,
    dependencies: {},
    jupyterlab: lab,
  };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(metadata, null, 2)}\n`);
  return stage;
}
