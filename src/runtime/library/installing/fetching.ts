import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../../base/atomic-file.js";
import type { GitLogin } from "../../base/git-address.js";
import { comparableRemote } from "../../base/git-uri.js";
import { namesIn } from "../../base/names-in.js";
import { fromWireError, PinokioError } from "../../protocol/errors.js";
import type { JobId } from "../../protocol/ids.js";
import { isUnderWay, type Job } from "../../protocol/jobs.js";
import { refuseLauncherElsewhere } from "../copy-app.js";
import type { JobChange, JobContext } from "../jobs.js";
import { requireLauncher, type GitSource } from "../source.js";
import { LEAST_REPOSITORY_BYTES, requireRoom } from "./room.js";
import type { InstallWorld } from "./world.js";

/** Below `api`, so that what was fetched is moved into place without being copied. */
const FOLDER = ".fetched";
const LARGE = "large";
/** After this a repository is asked again what it holds. */
const FRESH_MS = 15 * 60_000;
const KEPT_MS = 7 * 24 * 3_600_000;

const Record = z.object({
  version: z.literal(1),
  url: z.string(),
  isMoved: z.boolean(),
  branch: z.string().nullable(),
  commit: z.string(),
  needsLogin: z.boolean().default(false),
  at: z.string(),
});

/** A repository that is here and nobody has agreed to yet. */
export interface Fetched extends z.infer<typeof Record> {
  folder: string;
}

export interface Fetching {
  /** Null when it is not here, or was fetched too long ago to be looked at. */
  fresh(source: GitSource): Fetched | null;
  /** As `fresh`, however long ago. */
  find(source: GitSource): Fetched | null;
  /** The job that fetches it: one for everybody who wants it. */
  start(source: GitSource, login: GitLogin | null): Job;
  /** Where an app of that name is being fetched from just now, or null. */
  addressOf(name: string): string | null;
  /** Fetches it as a part of other work. */
  within(source: GitSource, context: JobContext): Promise<Fetched>;
  /** Once it was moved elsewhere. */
  forget(source: GitSource): Promise<void>;
  /** Nobody wants it, unless somebody has it fetched just now. */
  refuse(source: GitSource): Promise<void>;
  /** Removes what nobody came back for. */
  tidy(): void;
}

interface FetchingOptions {
  api: string;
  world: InstallWorld;
  now(): Date;
  /** A repository will be there in a moment, and somebody will look at it. */
  prepare(folder: string): void;
}

export function createFetching({ api, world, now, prepare }: FetchingOptions): Fetching {
  const { jobs } = world;
  const underWay = new Map<string, { job: JobId; source: GitSource }>();
  const placeOf = (source: GitSource): string => join(api, FOLDER, keyOf(source));

  const find = (source: GitSource): Fetched | null => {
    const place = placeOf(source);
    const state = readState(join(place, "fetched.json"), Record);
    const folder = join(place, "repository");
    return state.kind === "read" && existsSync(folder) ? { ...state.value, folder } : null;
  };

  const fresh = (source: GitSource): Fetched | null => {
    const found = find(source);
    const ageMs = found === null ? Infinity : now().getTime() - Date.parse(found.at);
    return ageMs >= 0 && ageMs < FRESH_MS ? found : null;
  };

  const within = async (source: GitSource, context: JobContext, login: GitLogin | null = null): Promise<Fetched> => {
    const place = placeOf(source);
    context.tell({ phase: "check" });
    requireRoom(place, LEAST_REPOSITORY_BYTES);
    await rm(join(place, "fetched.json"), { force: true });
    try {
      const cloned = await clone(source, place, context, login);
      const record = { version: 1 as const, ...cloned, at: now().toISOString() };
      writeJsonAtomic(join(place, "fetched.json"), record);
      if (login !== null) world.keepLogin(source.address.host, login);
      return { ...record, folder: join(place, "repository") };
    } catch (error) {
      await removePart(place);
      throw error;
    }
  };

  const clone = async (source: GitSource, place: string, { signal, tell }: JobContext, login: GitLogin | null) => {
    const arriving = join(place, "arriving");
    const order = { folder: arriving, objects: join(place, LARGE), signal, tell };
    const cloned = await world.clone(source.address, order, login);
    requireLauncher(arriving, cloned.url);
    await refuseLauncherElsewhere(arriving);
    const folder = join(place, "repository");
    await rm(folder, { recursive: true, force: true });
    await rename(arriving, folder);
    return cloned;
  };

  /** Prepares the look at it once its files come. */
  const preparing = (source: GitSource, context: JobContext): JobContext => {
    let isPrepared = false;
    const tell = (change: JobChange): void => {
      if (change.phase === "files" && !isPrepared) prepare(join(placeOf(source), "repository"));
      isPrepared ||= change.phase === "files";
      context.tell(change);
    };
    return { ...context, tell };
  };

  const stillAt = (id: JobId | undefined): Job | null =>
    jobs.all.find((job) => job.id === id && isUnderWay(job)) ?? null;
  const jobOf = (source: GitSource): Job | null => stillAt(underWay.get(keyOf(source))?.job);
  const forget = (source: GitSource): Promise<void> => rm(placeOf(source), { recursive: true, force: true });

  return {
    fresh,
    find,
    addressOf: (name) =>
      [...underWay.values()].find(({ job, source }) => source.name === name && stillAt(job) !== null)?.source.text ??
      null,
    within: (source, context) => within(source, context),
    start: (source, given) => {
      const known = jobOf(source);
      if (known !== null) return known;
      const login = given ?? source.address.login;
      const job = jobs.start({
        kind: "fetch",
        appId: null,
        title: `Fetch ${source.address.name}`,
        work: (context) => within(source, preparing(source, context), login).then(() => undefined),
      });
      underWay.set(keyOf(source), { job: job.id, source });
      return job;
    },
    forget,
    refuse: async (source) => {
      if (jobOf(source) === null) await forget(source);
    },
    tidy: () => {
      for (const path of foldersIn(join(api, FOLDER))) {
        if (now().getTime() - statSync(path).mtimeMs > KEPT_MS) void rm(path, { recursive: true, force: true });
      }
    },
  };
}

/** Large files that have arrived count in the next try; everything else is fetched anew. */
async function removePart(place: string): Promise<void> {
  const large = foldersIn(join(place, LARGE));
  for (const path of large.length === 0 ? [place] : foldersIn(place).filter((one) => one !== join(place, LARGE))) {
    await rm(path, { recursive: true, force: true }).catch(() => undefined); // why it failed matters more
  }
}

/** What a job that is over means for whoever waited for it. */
export function requireDone(job: Job): void {
  if (job.error !== null) throw fromWireError(job.error);
  if (job.state === "cancelled") throw new PinokioError("cancelled", `${job.title} was cancelled`);
}

function keyOf({ address: { url, branch, commit } }: GitSource): string {
  const wanted = [comparableRemote(url), branch ?? "", commit ?? ""].join("\n");
  return createHash("sha256").update(wanted).digest("hex").slice(0, 16);
}

const foldersIn = (folder: string): string[] => namesIn(folder).map((name) => join(folder, name));
