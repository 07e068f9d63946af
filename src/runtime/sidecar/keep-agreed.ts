import { join } from "node:path";
import type { ConfigurationWorld } from "../configuration/configuration.js";
import { readScripts } from "../library/fingerprint.js";
import type { Library } from "../library/library.js";

/**
 * A file of settings may count as a script. Who changes a setting here has seen what they write: they are not asked
 * again whether they agree to it, as long as nothing else is another than they have agreed to.
 */
export const agreedKeeper =
  (api: string, library: Pick<Library, "hasAgreed" | "record" | "agree">): ConfigurationWorld["keepAgreed"] =>
  async (app) => {
    if (!(await library.hasAgreed(app))) return () => Promise.resolve(null);
    return async (changed) => {
      if (await library.hasAgreed(app)) return null;
      const { fingerprint, files } = await readScripts(join(api, app));
      const agreed = library.record(app)?.scripts ?? {};
      const others = Object.keys(files).filter((path) => files[path] !== agreed[path] && !changed.includes(path));
      if (others.length > 0) return "Its scripts are other ones now: what they run is agreed to again before it starts";
      await library.agree(app, fingerprint);
      return null;
    };
  };
