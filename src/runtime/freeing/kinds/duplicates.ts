import type { AppId } from "../../protocol/ids.js";
import type { CopiesOfModel, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";

const MOST = 100;

/** Copies of models, which become names of one file: every app finds at its place what it found before. */
export const duplicates: FreeableKind = {
  kind: "duplicates",

  find: async (world, { signal }) => {
    const { copies } = await world.models(signal);
    return copies
      .filter(({ extraBytes }) => extraBytes >= LEAST_BYTES)
      .sort((one, other) => other.extraBytes - one.extraBytes)
      .slice(0, MOST)
      .map((one) => ({
        id: `duplicates:${one.id}`,
        label: `${one.name}, ${one.paths.length} copies`,
        where: [...one.paths],
        bytes: one.extraBytes,
        means: "The copies become names of one file, once every byte was compared; each stays where it is",
        isSafe: true,
        refused: obstacleTo(one, world),
      }));
  },

  free: ({ id }, world, _, watch) => {
    const open = world.openFiles();
    const refusal = (path: string): string | null => (open.has(path) ? `A program has ${path} open` : null);
    return world.mergeCopies(id.slice("duplicates:".length), { ...watch, refusal });
  },
};

function obstacleTo({ users }: CopiesOfModel, world: FreeWorld): string | null {
  if (!world.takesLinks()) return "This disk cannot give one file several names";
  const isUser = (app: AppId | null): boolean => app !== null && users.includes(app);
  const busy = world.atWork().find(({ app, isReady }) => isUser(app) || !isReady);
  return busy === undefined ? null : `${busy.title} may be using it: stop it first`;
}
