// npm run build: everything that is shipped.
//   node scripts/build.mjs [types|bundles|labextension …] [--all-platforms] [--wheel] [--if-stale]
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/build.mjs"));
