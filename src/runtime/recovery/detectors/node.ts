import { group, type Detector } from "../detector.js";
import { offer } from "../offers.js";

export const node: readonly Detector[] = [
  {
    code: "npm-conflict",
    layer: "package",
    happened: "npm packages want versions of one another that do not go together",
    advice: "Update the app; npm install --legacy-peer-deps installs them all the same",
    patterns: [/npm (?:error|ERR!) ERESOLVE (?:unable to resolve|could not resolve)/],
    say: (seen) => {
      const found = seen.after(/Found: (\S{1,120})/, 6)?.[1];
      const wants = seen.after(/peer (\S{1,120}) from (\S{1,120})/, 12);
      return {
        sentence: `npm packages do not go together${
          found === undefined || wants === null
            ? ""
            : `: ${wants[2] ?? ""} wants ${wants[1] ?? ""} and the app has ${found}`
        }`,
        repairs: [offer.updateApp()],
      };
    },
  },
  {
    code: "node-version",
    layer: "package",
    happened: "A program wants another version of Node.js",
    advice: "Let the app use the version that is named, for instance through conda or nvm",
    patterns: [
      /npm (?:error|ERR!) code EBADENGINE/,
      /error \S{1,120}: The engine "node" is incompatible with this module\. Expected version "([^"]{1,60})"\. Got "([^"]{1,40})"/,
      /(?:requires|need|You are using) Node\.js (?:version )?([v\d.<>=^ |]{1,40}).{0,80}(?:or higher|required|upgrade|requires)/i,
      /Error \[ERR_REQUIRE_ESM\]/,
    ],
    say: (seen) => {
      const wants = group(seen) || seen.after(/Required: \{"node":"([^"]{1,60})"/, 8)?.[1];
      const has = group(seen, 2) || seen.after(/Actual: {1,4}\{.{0,60}"node":"([^"]{1,40})"/, 8)?.[1];
      return {
        sentence: `A package wants Node.js ${wants ?? "of another version"}${has === undefined || has === "" ? "" : `, and this is ${has}`}`,
        repairs: [offer.updateApp()],
      };
    },
  },
  {
    code: "npm-package-missing",
    layer: "package",
    happened: "An npm package or its version does not exist",
    advice: "Update the app; if it stays so, its author named a package that is gone",
    patterns: [
      /npm (?:error|ERR!) (?:notarget )?No matching version found for (\S{1,120}?)\.?$/,
      /npm (?:error|ERR!) 404 {1,4}(?:The requested resource )?'([^']{1,120})'/,
      /npm (?:error|ERR!) 404 Not Found - GET (\S{1,200})/,
    ],
    say: (seen) => {
      const name = group(seen).startsWith("http") ? (group(seen).split("/").at(-1) ?? group(seen)) : group(seen);
      return { sentence: `There is no npm package ${name}`, repairs: [offer.updateApp()] };
    },
  },
  {
    code: "npm-build-failed",
    layer: "package",
    happened: "An npm package could not be compiled here",
    advice: "Look above for what its compiler says; often Python, make or a compiler is missing or Node.js is too new",
    patterns: [
      /gyp ERR! (?:build error|configure error|stack Error: `?make`? failed)/,
      /node-gyp rebuild.{0,40}(?:failed|exited)/,
    ],
    say: (seen) => {
      const path = seen.after(/gyp ERR! cwd (\S{1,300})/, 14)?.[1];
      return { sentence: `An npm package${path === undefined ? "" : ` in ${path}`} could not be compiled` };
    },
  },
  {
    code: "npm-file-invalid",
    layer: "package",
    happened: "A package.json is missing or cannot be read",
    advice: "Run the app's install script again; if it stays so, install the app again",
    patterns: [/npm (?:error|ERR!) code EJSONPARSE/, /npm (?:error|ERR!) enoent Could not read package\.json/],
    say: (seen) => ({
      sentence: seen.text.includes("EJSONPARSE")
        ? "A package.json cannot be read: it is no JSON"
        : "There is no package.json where npm looks for it",
      repairs: [offer.updateApp()],
    }),
  },
  {
    code: "npm-script-missing",
    layer: "package",
    happened: "The app has no npm script of that name",
    advice: "Update the app: its launcher and its package.json do not fit",
    patterns: [/npm (?:error|ERR!) Missing script: "([^"]{1,80})"/],
    say: (seen) => ({ sentence: `The app has no npm script "${group(seen)}"`, repairs: [offer.updateApp()] }),
  },
  {
    code: "node-module-missing",
    layer: "program",
    happened: "A JavaScript package that the app uses is not installed",
    advice: "Run the app's install script again",
    patterns: [
      /Error: Cannot find module '([^'/.][^']{0,120})'/,
      /Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package '([^']{1,120})'/,
    ],
    say: (seen) => ({
      sentence: `The JavaScript package ${group(seen)} is not installed`,
      repairs: [offer.retry(), offer.updateApp()],
    }),
  },
];
