import type { Package } from "../../protocol/packages.js";
import { app } from "./app.js";
import { library } from "./library.js";
import { model } from "./model.js";
import type { PackageKind } from "./package-kind.js";
import { plugin } from "./plugin.js";
import { task } from "./task.js";

/** What installing, listing and removing mean, by the type of the package. */
export const packageKinds: { readonly [Type in Package["type"]]: PackageKind } = { app, plugin, model, task, library };
