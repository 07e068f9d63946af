// npm test: sets up what is missing, then runs the checks and every test.
//   npm test -- [check|unit|integration|python|e2e] [filter]
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/test.mjs"));
