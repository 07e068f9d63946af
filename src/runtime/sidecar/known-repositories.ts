import type { UpdateRepositories } from "../library/changes/repositories.js";
import { PinokioError } from "../protocol/errors.js";

/** Said where a home may only be looked at: asking would write what was fetched. */
export const AS_KNOWN = "This home can only be looked at here: it is what was known when somebody looked last";

/** Repositories of a home that may only be looked at: what is new is what was fetched last. */
export const asKnown = (repositories: UpdateRepositories): UpdateRepositories => ({
  ...repositories,
  fetch: async (folder, branch) => {
    const known = await repositories.commitNamed(folder, `refs/remotes/origin/${branch}`);
    if (known !== null) return known;
    throw new PinokioError(
      "home-read-only",
      "Whether something is new cannot be asked from here: this home can only be looked at",
    );
  },
});
