// The licences of what the bundles carry.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { labextensionDir, root, staticDir } from "../paths.mjs";
import { writeAtomically } from "../stamps.mjs";
import { bundledPackagesFile } from "./bundles.mjs";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

export function writeNotices() {
  const target = join(staticDir, "NOTICES.md");
  const text = notices();
  if (text !== null && (!existsSync(target) || readFileSync(target, "utf8") !== text)) writeAtomically(target, text);
}

function notices() {
  if (!existsSync(bundledPackagesFile)) return null;
  const packages = new Map();
  for (const folder of JSON.parse(readFileSync(bundledPackagesFile, "utf8"))) {
    const found = describe(join(root, folder));
    packages.set(`${found.name} ${found.version}`, found);
  }
  for (const found of inLabextension()) packages.set(`${found.name} ${found.version}`, found);

  const sections = [...packages.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, version, licence, text }) =>
        `## ${name} ${version}\n\n${licence}\n${text ? `\n\`\`\`text\n${text}\n\`\`\`\n` : ""}`,
    );
  return [
    "# Notices",
    "PinokioCloud's bundles carry the following packages, each under its own licence. The terminals (`pty/`) are the prebuilt files of @lydell/node-pty.",
    ...sections,
  ].join("\n\n");
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort();
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  return { name, version, licence: license ?? "see its text", text };
}

/** JupyterLab's builder writes down what it put into the extension. */
function inLabextension() {
  const report = join(labextensionDir, "static/third-party-licenses.json");
  if (!existsSync(report)) return [];
  return JSON.parse(readFileSync(report, "utf8")).packages.map(({ name, versionInfo, licenseId, extractedText }) => ({
    name,
    version: versionInfo,
    licence: licenseId || "see its text",
    text: extractedText?.trim(),
  }));
}
