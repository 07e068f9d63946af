import type { FreeableKind } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";

const MOST_NAMED = 3;

/** What was removed and can be had back until then. What is kept of a person's files is not among it. */
export const trash: FreeableKind = {
  kind: "trash",

  find: async (world, { before }) => {
    const { names, titles, bytes } = await world.trash(before);
    if (bytes < LEAST_BYTES) return [];
    const more = titles.length - MOST_NAMED;
    const named = [...titles.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
    return [
      {
        id: "trash",
        label: names.length === 1 ? `The trash: ${named}` : `The trash, ${names.length} entries: ${named}`,
        where: ["trash"],
        bytes,
        means: "It cannot be put back any more",
        isSafe: false,
        refused: null,
      },
    ];
  },

  free: async (_, world, { before }, watch) => {
    const { names } = await world.trash(before);
    return names.length === 0 ? { bytes: 0, problems: [] } : world.emptyTrash(names, watch);
  },
};
