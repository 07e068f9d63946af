import { discoverTab } from "./discover.js";
import { libraryTab } from "./library.js";
import { runningTab } from "./running.js";
import { sharedResourcesTab } from "./shared-resources.js";
import { systemTab } from "./system.js";
import type { Tab } from "./tab.js";

/** Shown left to right in this order; the first one is open at the start. */
export const tabs: readonly Tab[] = [discoverTab, libraryTab, runningTab, sharedResourcesTab, systemTab];
