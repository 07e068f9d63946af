// Who may import whom. `docs/` says why; the compiler holds up the outermost borders as well (tsconfig references).

const SIBLINGS =
  "script|methods|environments|storage|platforms|tunnels|catalog|repositories|configuration|library|resources|recovery|models|freeing";
const ENTRIES = "^src/runtime/(main|runner|launcher-host|check-host|screen-host|cli)\\.ts$";

/** What starts a program or opens a connection. */
const WORLD =
  "^(child_process|net|http|https|http2|dgram|tls|cluster|worker_threads)$|^node_modules/(execa|@lydell/node-pty)/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule("no-cycles", "Two files that need each other are one file or need a third.", {}, { circular: true }),
    rule("resolvable", "What is imported has to exist.", {}, { couldNotResolve: true, pathNot: "^node:" }),
    rule(
      "protocol-imports-nothing-of-ours",
      "The contract stands alone, on the schema library.",
      { path: "^src/runtime/protocol/" },
      { pathNot: ["^src/runtime/protocol/", "^node_modules/zod/"] },
    ),
    rule(
      "client-imports-protocol-only",
      "The same client runs in browsers, the CLI and tests.",
      { path: "^src/runtime/client/" },
      { path: "^src/", pathNot: "^src/runtime/(client|protocol)/" },
    ),
    rule(
      "search-imports-protocol-only",
      "Pages search the catalog with the same code as the sidecar.",
      { path: "^src/runtime/catalog/search/" },
      { path: ["^src/", "^node:"], pathNot: "^src/runtime/(catalog/search|protocol)/" },
    ),
    rule(
      "base-imports-protocol-only",
      "Everything stands on base.",
      { path: "^src/runtime/base/" },
      { path: "^src/", pathNot: "^src/runtime/(base|protocol)/" },
    ),
    rule(
      "config-imports-base-and-protocol-only",
      "Settings know nothing of what they set.",
      { path: "^src/runtime/config/" },
      { path: "^src/", pathNot: "^src/runtime/(config|base|protocol)/" },
    ),
    rule(
      "siblings-do-not-import-each-other",
      "The sidecar folder, main.ts and runner.ts put them together.",
      { path: `^src/runtime/(${SIBLINGS})/` },
      { path: "^src/", pathNot: "^src/runtime/($1|base|config|protocol)/" },
    ),
    rule(
      "script-starts-nothing",
      "What the script language does to the world comes in as a parameter.",
      { path: "^src/runtime/script/" },
      { path: WORLD },
    ),
    rule(
      "check-reads-the-language-only",
      "It goes through what scripts say; methods come in as a table, and nothing is started.",
      { path: "^src/runtime/check/" },
      { path: [WORLD, "^src/"], pathNot: "^src/runtime/(check|script|base|config|protocol)/" },
    ),
    rule(
      "screens-are-drawn-apart",
      "Only the process that draws them loads a terminal.",
      { path: "^src/runtime/screen/" },
      { path: [WORLD, "^src/"], pathNot: "^src/runtime/(screen|base|protocol)/" },
    ),
    rule(
      "runner-and-supervisor-meet-in-protocol",
      "This is what lets a runner outlive the sidecar.",
      { path: "^src/runtime/(runner|supervisor)/" },
      { path: "^src/runtime/(runner|supervisor)/", pathNot: "^src/runtime/$1/" },
    ),
    rule(
      "only-server-knows-http",
      "Everybody else hands it what to say.",
      { path: "^src/runtime/", pathNot: "^src/runtime/server/" },
      { path: "^(http|https|http2)$|^node_modules/ws/" },
    ),
    rule(
      "nobody-imports-entry-points",
      "They put things together; what others need lives in a folder.",
      { path: "^src/" },
      { path: ENTRIES },
    ),
    rule(
      "browser-imports-protocol-client-and-search-only",
      "Views know a client, not the runtime behind it.",
      { path: "^src/(widgets|labextension)/" },
      { path: "^src/runtime/", pathNot: "^src/runtime/(protocol|client|catalog/search)/" },
    ),
    rule(
      "widgets-do-not-know-jupyterlab",
      "A view is written once and shown by several hosts.",
      { path: "^src/widgets/" },
      { path: ["^src/labextension/", "^node_modules/@jupyterlab/", "^node_modules/@lumino/"] },
    ),
    rule(
      "lists-are-the-way-in",
      "Methods, platforms, tunnels and tabs are found through the list in index.ts, so adding one is one file and one line.",
      { path: "^src/", pathNot: "^src/(runtime/(methods|platforms|tunnels)|widgets/tabs)/" },
      {
        path: "^src/(runtime/(methods|platforms|tunnels)|widgets/tabs)/",
        pathNot: "/(index|method|platform|machine|tunnel|tab|surroundings)\\.ts$",
      },
    ),
    rule(
      "sources-stand-alone",
      "Tests and tools know the sources, not the other way round.",
      { path: "^src/" },
      { path: "^(tests|scripts|bench)/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "require", "node", "default", "types"],
      exportsFields: ["exports"],
      mainFields: ["main", "types"],
    },
  },
};
