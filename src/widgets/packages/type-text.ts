import type { InstalledPackageView } from "../../runtime/protocol/package-requests.js";
import type { Translate } from "../view.js";

export const typeText = (type: InstalledPackageView["type"], t: Translate): string =>
  ({ app: t("App"), plugin: t("Plugin"), model: t("Model"), task: t("Task"), library: t("Library") })[type];
