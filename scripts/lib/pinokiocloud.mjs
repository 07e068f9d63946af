import { withNode } from "./check-node.mjs";

withNode(() => import("./commands/pinokiocloud.mjs"));
