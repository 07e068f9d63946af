// node scripts/pictures.mjs: takes the documentation's pictures (docs/pictures) anew.
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/pictures.mjs"));
