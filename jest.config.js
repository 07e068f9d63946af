import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

const parser = (syntax) => [
  "@swc/jest",
  {
    jsc: { parser: syntax, target: "es2022", transform: { react: { runtime: "automatic" } } },
    module: { type: "es6" },
    sourceMaps: "inline",
  },
];

// Tests are ES modules, as the sources are: node needs --experimental-vm-modules (npm test passes it).
const project = (displayName, folders, more) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/tests/${folder}/**/*.test.{ts,tsx,mjs}`),
  testEnvironment: "node",
  setupFiles: ["<rootDir>/scripts/lib/jest-errors.mjs"],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  resolver: "<rootDir>/scripts/lib/jest-resolver.cjs",
  transform: {
    "\\.ts$": parser({ syntax: "typescript" }),
    "\\.tsx$": parser({ syntax: "typescript", tsx: true }),
  },
  globals: { __PINOKIOCLOUD_VERSION__: version },
  modulePathIgnorePatterns: ["<rootDir>/lib/", "<rootDir>/pinokiocloud/", "<rootDir>/.venv/", "<rootDir>/.cache/"],
  ...more,
});

const slow = { setupFilesAfterEnv: ["<rootDir>/scripts/lib/jest-slow.mjs"] };

const browser = { testEnvironment: "jsdom", setupFiles: ["<rootDir>/tests/helpers/browser-globals.ts"] };

export default {
  testSequencer: "<rootDir>/scripts/lib/long-first.cjs",
  projects: [
    {
      ...project("runtime", ["runtime", "regression", "contracts"]),
      ...slow,
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/tests/runtime/integration/"],
    },
    project("widgets", ["widgets"], { ...browser, ...slow }),
    project("labextension", ["labextension"], { ...browser, ...slow }),
    project("tooling", ["tooling"], slow),
    project("integration", ["runtime/integration", "conformance"], slow),
    project("e2e", ["e2e"], slow),
    project("pictures", ["pictures"], slow),
  ],
};
