// One file per program, with everything it needs inside, so that nobody who uses PinokioCloud runs npm.
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { OutputError, SetupError } from "../errors.mjs";
import { cache, readPackage, root, staticDir } from "../paths.mjs";
import { writeAtomically } from "../stamps.mjs";
import { placeTerminals, terminalsPlugin } from "./terminals.mjs";

const STUB_LIMIT = 1024;

// Code written for CommonJS asks for `require` inside an ES module.
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** Describing a schema as JSON Schema is what no page does; zod's schemas bring all that is needed for it. */
const noJsonSchemaPlugin = {
  name: "no-json-schema",
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, ({ path }) => {
      const exported = readFileSync(path, "utf8").matchAll(/^export (?:const|function) (\w+)/gm);
      return { contents: [...exported].map(([, name]) => `export const ${name} = () => undefined;`).join("\n") };
    });
  },
};

/** Styles are texts to esbuild, which minifies only what it knows to be styles. */
const minifyStylesPlugin = {
  name: "minify-styles",
  setup({ esbuild, onLoad }) {
    onLoad({ filter: /\/style\/[\w-]+-css\.ts$/ }, ({ path }) => {
      const minified = (_, css) => JSON.stringify(esbuild.transformSync(css, { loader: "css", minify: true }).code);
      const source = readFileSync(path, "utf8");
      return { contents: source.replace(/(?<=\/\* css \*\/ )`([^`$\\]*)`/g, minified), loader: "ts" };
    });
  },
};

const browser = {
  platform: "browser",
  target: "es2022",
  jsx: "automatic",
  plugins: [noJsonSchemaPlugin, minifyStylesPlugin],
};
const node24 = { platform: "node", target: "node24", banner: { js: REQUIRE } };
const node20 = { ...node24, target: "node20.19" };

const BUNDLES = {
  "sidecar.mjs": { ...node24, entry: "src/runtime/main.ts" },
  "runner.mjs": { ...node24, entry: "src/runtime/runner.ts", plugins: [terminalsPlugin] },
  "launcher-host.mjs": { ...node24, entry: "src/runtime/launcher-host.ts" },
  "check-host.mjs": { ...node24, entry: "src/runtime/check-host.ts" },
  "screen-host.mjs": { ...node24, entry: "src/runtime/screen-host.ts" },
  "yaml.mjs": { ...node20, entry: "src/runtime/base/apart/yaml.ts" },
  "system-information.mjs": { ...node20, entry: "src/runtime/base/apart/system-information.ts" },
  "cli.mjs": {
    ...node20,
    entry: "src/runtime/cli.ts",
    mode: 0o755,
  },
  "view.mjs": { ...browser, entry: "src/widgets/notebook-view.ts" },
  "stub.mjs": { ...browser, entry: "src/widgets/stub.ts" },
};

export const bundledPackagesFile = join(cache, "bundled-packages.json");

export const bundleOutputs = [...Object.keys(BUNDLES), "pty", "examples", "catalog.json", "build.json"].map(
  (name) => `pinokiocloud/static/${name}`,
);

export async function buildBundles({ exec, say, allPlatforms }) {
  const packages = new Set();
  const results = await Promise.allSettled(
    Object.entries(BUNDLES).map(async ([name, options]) => {
      for (const path of await bundle(name, options)) packages.add(path);
    }),
  );
  await (await import("esbuild")).stop();
  await placeTerminals({ exec, say, allPlatforms });
  rmSync(join(staticDir, "examples"), { recursive: true, force: true });
  cpSync(join(root, "examples"), join(staticDir, "examples"), {
    recursive: true,
    filter: (path) => !path.includes("__pycache__"),
  });
  const catalog = JSON.parse(readFileSync(join(root, "src/runtime/catalog/apps.json"), "utf8"));
  writeAtomically(join(staticDir, "catalog.json"), JSON.stringify(catalog));
  const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (failures.length > 0) throw new OutputError(failures.map((failure) => failure.message).join("\n"));

  writeAtomically(bundledPackagesFile, JSON.stringify([...packages].sort()));
  writeAtomically(join(staticDir, "build.json"), `${JSON.stringify(describeBuild(), null, 2)}\n`);
}

/**
 * What `base/apart/` holds are large packages that most programs never need: bundles of their own, read from beside the
 * program when it imports them. Only packages can be there; code of ours would be in the program a second time.
 */
const apartPlugin = {
  name: "apart",
  setup(build) {
    build.onResolve({ filter: /\/apart\/[\w-]+\.js$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path: `./${basename(path, ".js")}.mjs`, external: true } : undefined,
    );
  },
};

/** Writes one bundle and returns the folders of the packages in it. */
async function bundle(name, { entry, mode, ...options }) {
  if (!existsSync(join(root, entry))) throw new Error(`${entry} does not exist, so ${name} cannot be built.`);
  // Loaded here, so that finding out that nothing has to be built stays quick.
  const esbuild = await import("esbuild");
  const result = await esbuild.build({
    ...options,
    plugins: [...(options.plugins ?? []), apartPlugin],
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    outfile: join(staticDir, name),
    bundle: true,
    format: "esm",
    minify: true,
    legalComments: "none",
    // One character beyond Latin 1 doubles what the code takes in memory.
    charset: options.platform === "node" ? "ascii" : "utf8",
    define: {
      __PINOKIOCLOUD_VERSION__: JSON.stringify(readPackage().version),
      ...(options.platform === "browser" && { "process.env.NODE_ENV": '"production"' }),
    },
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (name === "stub.mjs" && file.contents.length >= STUB_LIMIT) {
    throw new Error(
      `stub.mjs has ${file.contents.length} bytes; it is saved with every notebook and must stay under ${STUB_LIMIT}.`,
    );
  }
  // esbuild leaves the characters of regular expressions as they are.
  const text = options.platform === "node" ? file.text.replace(/[^\0-\x7f]/g, escaped) : file.text;
  const shebang = mode && !text.startsWith("#!") ? "#!/usr/bin/env node\n" : "";
  writeAtomically(join(staticDir, name), shebang + text, mode);
  return Object.keys(result.metafile.inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
}

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

function describeBuild() {
  const protocol = /export const PROTOCOL = (\d+)/.exec(
    readFileSync(join(root, "src/runtime/protocol/version.ts"), "utf8"),
  );
  if (!protocol)
    throw new SetupError(
      "src/runtime/protocol/version.ts names no PROTOCOL.",
      "Keep `export const PROTOCOL = <number>`.",
    );
  const files = {};
  for (const path of listFiles(staticDir)) {
    const name = relative(staticDir, path);
    if (name === "build.json" || name === "NOTICES.md") continue;
    files[name] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  return { version: readPackage().version, protocol: Number(protocol[1]), files };
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]));
}
