import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const NO_DEFAULT_EXPORT = [
  "error",
  { selector: "ExportDefaultDeclaration", message: "Export by name: one thing has one name everywhere." },
  {
    selector: "ExportSpecifier[exported.name='default']",
    message: "Export by name: one thing has one name everywhere.",
  },
];

/** Attributes that a person reads or hears. */
const READ = "title|placeholder|alt|label|aria-label|aria-valuetext|aria-description|aria-roledescription";
/** Letters, but for the name of the product and of a folder. */
const WORDS = "/^(?!\\s*(PinokioCloud|api.)\\s*$)[^]*[A-Za-z]{2}/";
/** What a person reads goes through the translator, with its values beside it. */
const UNTRANSLATED = [
  `JSXText[value=${WORDS}]`,
  `JSXAttribute[name.name=/^(${READ})$/] > Literal[value=${WORDS}]`,
  `JSXAttribute[name.name=/^(${READ})$/] > JSXExpressionContainer > Literal[value=${WORDS}]`,
  `JSXAttribute[name.name=/^(${READ})$/] > JSXExpressionContainer > ConditionalExpression > Literal[value=${WORDS}]`,
  `JSXAttribute[name.name=/^(${READ})$/] > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=${WORDS}]`,
  `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > Literal[value=${WORDS}]`,
  `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > ConditionalExpression > Literal[value=${WORDS}]`,
  `:matches(JSXElement, JSXFragment) > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=${WORDS}]`,
].map((selector) => ({ selector, message: 'A person reads this: t("…").' }));

// The hosts that load these files want a default export.
const HOST_ENTRIES = ["src/labextension/index.ts", "src/widgets/notebook-view.ts", "src/widgets/stub.ts"];

const WRITERS = [
  "writeFile",
  "writeFileSync",
  "appendFile",
  "appendFileSync",
  "createWriteStream",
  "mkdir",
  "mkdirSync",
];
const REMOVERS = ["rm", "rmSync", "unlink", "unlinkSync", "rename", "renameSync", "rmdir", "rmdirSync"];

export default tseslint.config(
  {
    ignores: [
      "lib/",
      "dist/",
      "pinokiocloud/static/",
      "pinokiocloud/labextension/",
      ".venv/",
      ".cache/",
      "tests/fixtures/",
      "tests/conformance/cases/",
      "tests/conformance/run.mjs", // kept as it came
      "tests/output/",
      "examples/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-control-regex": "off", // terminals speak in control characters
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-syntax": NO_DEFAULT_EXPORT,
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "URL",
          "Buffer",
          "fetch",
          "setTimeout",
          "clearTimeout",
          "performance",
          "AbortController",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    // Parts of them run in a page.
    files: ["bench/view-*.mjs", "bench/lib/*-page.mjs"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "document",
          "requestAnimationFrame",
          "queueMicrotask",
          "MessageChannel",
          "MutationObserver",
          "setInterval",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: { module: "writable", require: "readonly" } },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: "./tsconfig.eslint.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    // In a test a missing value fails the test, which is what it is for.
    files: ["tests/**"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["src/{widgets,labextension}/**"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "no-restricted-syntax": [...NO_DEFAULT_EXPORT, ...UNTRANSLATED],
    },
  },
  {
    // The script language writes nothing; what it does to the world comes in as a parameter.
    files: ["src/runtime/script/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: ["fs", "node:fs", "fs/promises", "node:fs/promises"].map((name) => ({
            name,
            importNames: [...WRITERS, ...REMOVERS],
            message: "`script` writes nothing; let it come in as a parameter.",
          })),
        },
      ],
    },
  },
  {
    files: [...HOST_ENTRIES, "*.config.js", "bench/**"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // Parsed by a Node that may be too old for the rest.
    files: ["scripts/lib/check-node.mjs"],
    languageOptions: { ecmaVersion: 2019 },
    rules: { "no-var": "off" },
  },
);
