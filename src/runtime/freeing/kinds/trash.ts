import type { Found, FreeableKind } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";

const MOST_NAMED = 3;

/** What was removed and can be had back until then. What is kept of a person's files is shown, and stays. */
export const trash: FreeableKind = {
  kind: "trash",

  find: async (world, { before }) => {
    const { names, titles, bytes } = await world.trash(before);
    const kept = (await world.kept()).filter((one) => one.bytes >= LEAST_BYTES).map(keptItem);
    if (bytes < LEAST_BYTES) return kept;
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
      ...kept,
    ];
  },

  free: async (_, world, { before }, watch) => {
    const { names } = await world.trash(before);
    return names.length === 0 ? { bytes: 0, problems: [] } : world.emptyTrash(names, watch);
  },
};

/** Nothing empties these but a person who names them. */
const keptItem = ({ name, title, bytes }: { name: string; title: string; bytes: number }): Found => ({
  id: `trash:${name}`,
  label: `Files of yours that ${title} has left behind`,
  where: [name],
  bytes,
  means: "They cannot be put back any more",
  isSafe: false,
  refused: `they may be yours alone. Look at them, then \`pinokiocloud trash empty ${name}\` removes them for good`,
});
