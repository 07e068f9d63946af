import { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";
import type { PackageKind } from "./package-kind.js";

/** An app below `api`: its scripts are run, so a person agrees to them first. Its own record is in `installed.json`. */
export const app: PackageKind = {
  type: "app",

  plan: (pack) => Promise.resolve({ where: "api", bytes: null, inspect: pack.install }),

  install: async ({ pack, agreed, unattended, wanted }, world, context) => {
    const known = world.apps.list().find(({ packageId }) => packageId === pack.id);
    if (known?.isHalf === true) {
      throw new PinokioError("requirement-missing", `${known.app} is not installed to its end`, {
        hint: `Go on with it first: install ${known.app}`,
      });
    }
    if (known !== undefined) {
      await world.apps.update(known.app, context);
      return null;
    }
    if (agreed === null) {
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${pack.name} will run`, {
        hint: "Look at what its scripts run and agree",
        context: { package: pack.id, source: pack.install },
      });
    }
    await world.apps.install({ source: pack.install, packageId: pack.id, agreed, unattended, wanted }, context);
    return null;
  },

  list: (_, world) =>
    world.apps.list().map(({ app: id, packageId, commit, installedAt, isHalf, wanted }) => ({
      id: packageId ?? `app:${id}`,
      type: "app",
      name: id,
      version: null,
      commit,
      place: `api/${id}`,
      installedAt,
      wanted,
      problem: isHalf ? "It is not installed to its end" : null,
      record: null,
    })),

  removal: async ({ place }, _, world) => ({
    goes: [{ what: place, bytes: await world.apps.bytesOf(idIn(place)) }],
    inUse: [],
  }),

  remove: ({ place }, _, world, context) => world.apps.uninstall(idIn(place), context),
};

const idIn = (place: string): AppId => AppId.parse(place.slice("api/".length));
