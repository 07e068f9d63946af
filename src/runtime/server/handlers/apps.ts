import type { CatalogEntry } from "../../protocol/apps.js";
import type { Library } from "../../library/library.js";
import type { Handlers } from "./handler.js";

export interface AppParts {
  library: Library;
  catalog(): CatalogEntry[];
}

export const appHandlers = ({
  library,
  catalog,
}: AppParts): Handlers<
  "catalog.list" | "apps.inspect" | "apps.install" | "apps.agree" | "apps.list" | "apps.menu"
> => ({
  "catalog.list": () => catalog(),
  "apps.inspect": ({ source }) => library.inspect(source),
  "apps.install": (order) => library.install(order),
  "apps.agree": async ({ appId, fingerprint }) => {
    await library.agree(appId, fingerprint);
    return {};
  },
  "apps.list": () => library.list(),
  "apps.menu": ({ appId }) => library.menu(appId),
});
