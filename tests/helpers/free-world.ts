import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { machinePrograms } from "../../src/runtime/base/machine-programs.js";
import { writeTrashRecord } from "../../src/runtime/base/trash.js";
import { EnvironmentCache } from "../../src/runtime/environments/environment-cache.js";
import { KnownEnvironments } from "../../src/runtime/environments/known-environments.js";
import type { EndedRun, FreeWatch, FreeWorld } from "../../src/runtime/freeing/freeable.js";
import { createTrash } from "../../src/runtime/library/trash.js";
import { mergeCopies } from "../../src/runtime/models/merge-copies.js";
import { Models } from "../../src/runtime/models/models.js";
import { toldCopies } from "../../src/runtime/models/told-copies.js";
import { AppId } from "../../src/runtime/protocol/ids.js";
import { openFiles } from "../../src/runtime/recovery/in-use.js";
import { modelHome } from "./model-home.js";

const MB = 1024 ** 2;

/** A home with what can be freed, and the parts of a sidecar that know of it. */
export function freeWorld() {
  const files = modelHome();
  const { home } = files;
  const models = new Models(home, home);
  const trash = createTrash({ home, isBusy: () => false });
  const known = new KnownEnvironments({
    home,
    cache: new EnvironmentCache({ file: join(home, "environments.json"), isWritable: false }),
    holds: () => [],
    onMeasured: () => undefined,
  });
  const state = {
    atWork: [] as ReturnType<FreeWorld["atWork"]>,
    runs: [] as EndedRun[],
    installed: [] as string[],
    active: null as string | null,
    takesLinks: true,
    sharesContents: false,
  };
  const idsBefore = async (before: number): Promise<string[]> =>
    (await trash.list()).filter(({ kind, at }) => kind === "trash" && Date.parse(at) <= before).map(({ name }) => name);
  const world: FreeWorld = {
    home,
    programs: machinePrograms({ PATH: process.env["PATH"] }),
    now: Date.now,
    atWork: () => state.atWork,
    openFiles,
    sharesContents: () => state.sharesContents,
    takesLinks: () => state.takesLinks,
    environments: async () => ({ environments: await known.list(), active: state.active }),
    isInstalled: (app) => state.installed.includes(app),
    models: async (signal) => {
      const looked = await models.look(signal);
      return { copies: toldCopies(looked), partial: looked.found.partial };
    },
    mergeCopies: async (id, watch) => {
      const set = (await models.look(watch.signal)).duplicates.find((one) => one.id === id);
      if (set === undefined) return { bytes: 0, problems: ["gone"] };
      const copies = set.copies.filter(({ files: [one] }) => watch.paths.includes(relative(home, one?.path ?? "")));
      const onShared = (one: string, other: string) => models.shared.add(one, other);
      return mergeCopies({ ...set, copies }, { ...watch, onShared, share: (from, to) => copyFileSync(from, to) });
    },
    trash: async (before) => {
      const names = await idsBefore(before);
      return { names, titles: names, bytes: await trash.size(names) };
    },
    kept: async () => (await trash.list()).filter(({ kind }) => kind === "kept"),
    emptyTrash: (names, { signal }) => trash.empty(names, { signal, onBytes: () => undefined }),
    endedRuns: (before) => state.runs.filter(({ endedAt }) => endedAt < before),
    forgetRuns: (ids) => void (state.runs = state.runs.filter(({ id }) => !ids.includes(id))),
  };
  const put = (place: string, bytes = 1.1 * MB): string => {
    mkdirSync(dirname(files.at(place)), { recursive: true });
    writeFileSync(files.at(place), Buffer.alloc(bytes, place));
    return files.at(place);
  };
  return {
    ...files,
    world,
    state,
    put,
    /** As if it were from long ago. */
    old: (place: string) => utimesSync(files.at(place), 1, 1),
    trashEntry: (name: string, at: Date) => {
      put(`trash/${name}/files/api/demo/x.bin`);
      writeTrashRecord(files.at(`trash/${name}`), {
        ...{ at: at.toISOString(), from: home, why: "uninstall", app: AppId.parse("demo"), title: "Demo", said: [] },
      });
    },
    watch: (): FreeWatch => ({ signal: new AbortController().signal, tell: () => undefined }),
    [Symbol.dispose]: () => {
      known.close();
      files[Symbol.dispose]();
    },
  };
}
