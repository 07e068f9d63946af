// The shipped files: `lib/` (types and the JupyterLab extension's modules), `pinokiocloud/static`
// (bundles, terminals, examples) and `pinokiocloud/labextension`.
import { all } from "../all.mjs";
import { fingerprint, isFresh, markFresh, markStale } from "../stamps.mjs";
import { buildBundles, bundleOutputs } from "./bundles.mjs";
import { buildLabextension } from "./labextension.mjs";
import { writeNotices } from "./notices.mjs";

export const PARTS = ["types", "bundles", "labextension"];

const TOOLING = ["scripts/lib/build", "package.json", "package-lock.json", "tsconfig.json"];

const SOURCES = {
  types: ["src"],
  bundles: ["src", "examples"],
  labextension: [
    "lib/labextension",
    "lib/widgets",
    "lib/runtime/catalog/search",
    "lib/runtime/client",
    "lib/runtime/protocol",
    "style",
    "schema",
  ],
};

const OUTPUTS = {
  types: ["lib/labextension", "lib/widgets", "lib/runtime"],
  bundles: bundleOutputs,
  labextension: ["pinokiocloud/labextension"],
};

/** With `ifStale`, a part whose input and output are as the last build left them is skipped. */
export async function build({ progress, parts = PARTS, ifStale = false, allPlatforms = false }) {
  const actions = {
    types: ({ exec }) => exec(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]),
    bundles: ({ exec }) => buildBundles({ exec, say: (line) => progress.say(line), allPlatforms }),
    labextension: ({ exec }) => buildLabextension(exec),
  };
  async function part(name) {
    if (!parts.includes(name)) return;
    const input = inputOf(name);
    if (ifStale && isFresh(name, input, OUTPUTS[name])) return;
    markStale(name);
    await progress.step(name, actions[name], "Correct what the lines above name and run the command again.");
    markFresh(name, input, OUTPUTS[name]);
  }

  await all([part("bundles"), part("types").then(() => part("labextension"))]);
  writeNotices();
}

export const bundlesAreFresh = () => isFresh("bundles", inputOf("bundles"), bundleOutputs);

const inputOf = (name) => fingerprint([...SOURCES[name], ...TOOLING]);
