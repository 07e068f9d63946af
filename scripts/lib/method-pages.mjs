import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The pages of the reference, by file name: one for each namespace, and a list of all. */
export async function methodPages() {
  const { methods, z } = await loadMethods();
  const spaces = new Map();
  for (const [name, method] of Object.entries(methods)) {
    const space = name.includes(".") ? name.split(".")[0] : name;
    if (!spaces.has(space)) spaces.set(space, []);
    spaces.get(space).push([name, method]);
  }
  const order = [...spaces.keys()].sort();
  const pages = new Map(order.map((space) => [`${space}.md`, page(space, spaces.get(space), z)]));
  pages.set("README.md", overview(order, spaces));
  for (const [name, text] of pages) pages.set(name, await format(text, { parser: "markdown", printWidth: 120 }));
  return pages;
}

/** The sources are TypeScript, so they are put together first. */
async function loadMethods() {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-docs-"));
  const outfile = join(folder, "methods.mjs");
  await build({
    stdin: {
      contents: 'export { methods } from "./src/runtime/methods/index.ts"; export * as z from "zod";',
      resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
    },
    bundle: true,
    outfile,
    logLevel: "error",
    format: "esm",
    platform: "node",
    define: { __PINOKIOCLOUD_VERSION__: '""' },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const NOTE = "<!-- Written by `npm run docs` from src/runtime/methods. -->\n";

function overview(order, spaces) {
  const rows = order.flatMap((space) =>
    spaces.get(space).map(([name, { summary }]) => `| [\`${name}\`](${space}.md#${anchor(name)}) | ${summary} |`),
  );
  return `${NOTE}\n# Methods\n\nEverything a step of a script can call.\n\n| Method | What it does |\n| --- | --- |\n${rows.join("\n")}\n`;
}

// What the sites that show Markdown make of a heading.
const anchor = (name) => name.replaceAll(".", "");

function page(space, list, z) {
  const sections = list.map(([name, method]) => {
    const schema = z.toJSONSchema(method.params, { io: "input", unrepresentable: "any" });
    return `## ${name}\n\n${method.summary}.\n${parameters(plain(schema))}`;
  });
  return `${NOTE}\n# ${space}\n\n${sections.join("\n")}`;
}

/** A schema that may be null or missing is shown as what it is otherwise. */
function plain(schema) {
  const { anyOf } = schema;
  const real = anyOf?.filter(({ type }) => type !== "null");
  return real?.length === 1
    ? { ...schema, ...plain(real[0]), description: schema.description ?? real[0].description }
    : schema;
}

function parameters(schema) {
  const said = schema.description === undefined ? "" : `\n${schema.description}.\n`;
  const entries = Object.entries(schema.properties ?? {});
  if (entries.length === 0) return said;
  const required = new Set(schema.required ?? []);
  const rows = entries.map(([name, value]) => {
    const shown = plain(value);
    const need = required.has(name) ? "yes" : "";
    return `| \`${name}\` | ${typeOf(shown)} | ${need} | ${escape(shown.description ?? "")} |`;
  });
  return `${said}\n| Parameter | Type | Needed | Meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

const escape = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const NAMES = { string: "text", boolean: "true or false", integer: "number" };

function typeOf(schema) {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf !== undefined) {
    const kinds = schema.anyOf.filter(({ type }) => type !== "null").map((one) => typeOf(plain(one)));
    return [...new Set(kinds)].join(" or ");
  }
  if (schema.type === "array") {
    const of = typeOf(plain(schema.items ?? {}));
    return of === "anything" ? "list" : `list of ${of}`;
  }
  const types = [schema.type ?? "anything"].flat().filter((type) => type !== "null");
  return types.map((type) => NAMES[type] ?? type).join(" or ");
}
