import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readState } from "../base/atomic-file.js";
import { type Log, openLog } from "../base/log.js";
import { ensureToken, readToken } from "../base/token.js";
import { AppSettingsFile } from "../config/app-settings.js";
import { type Settings, SettingsSpec } from "../config/settings.js";
import { SettingsFile } from "../config/settings-file.js";
import type { PinokioError } from "../protocol/errors.js";
import type { Snapshot } from "../protocol/events.js";
import { heldElsewhere, type Holder, takeHomeLock, takeLookingLock } from "../storage/home-lock.js";
import { type HomePaths, homePaths, type LocalPaths, localPaths } from "../storage/paths.js";
import { prepareHome, prepareLocal } from "../storage/prepare.js";

/** The home a sidecar works on, its to change or only to look at. */
export interface OpenedHome {
  home: string;
  paths: HomePaths;
  local: LocalPaths;
  log: Log;
  /** As they are now: who keeps it keeps what was. */
  readonly settings: Settings;
  appSettings: AppSettingsFile;
  /** What it began with; once the home is lost nothing may be changed. */
  mode: Exclude<Snapshot["mode"], "minimal">;
  modeReason: string | null;
  /** Another machine has taken the home meanwhile, as it may while this one sleeps: in words, or null. */
  lost(): string | null;
  /** What went wrong on the way and does not keep the sidecar from working. */
  problems: readonly PinokioError[];
  onLost(listener: (reason: string) => void): void;
  token(): string;
  /** Read-only for as long as another machine holds it, and that machine has let go. */
  isFreeAgain(): boolean;
  release(): void;
}

export function openHome(home: string): OpenedHome {
  const paths = homePaths(home);
  const local = localPaths(home, {
    env: process.env,
    uid: process.getuid?.() ?? 0,
    temporaryFolder: systemTemporary(),
  });
  const unwritable = prepareHome(paths);
  prepareLocal(local);
  let lost: string | null = null;
  let tell: (reason: string) => void = () => undefined;
  const onLost = (holder: Holder | null): void => tell((lost = lostText(holder)));
  const taken = unwritable === null ? takeHomeLock(paths, { onLost }) : { elsewhere: null };
  const modeReason = readOnlyReason(unwritable, taken);
  const lock = "release" in taken ? taken : takeLookingLock(local.lockDatabase, home);

  const log = openLog(modeReason === null ? paths.sidecarLog : join(local.folder, "sidecar.log"), {
    rotateAtBytes: () => settings.now.logBytes,
  });
  const settingsFile = readState(paths.settings, SettingsSpec);
  const settings = new SettingsFile({
    file: paths.settings,
    env: process.env,
    first: settingsFile.kind === "read" ? settingsFile.value : {},
    onProblem: (problem) => log.write("warn", problem),
  });
  if (modeReason !== null) log.write("warn", "read-only", { reason: modeReason });
  ensureToken(local.token);
  return {
    home,
    paths,
    local,
    log,
    get settings() {
      return settings.now;
    },
    appSettings: new AppSettingsFile({
      file: paths.settings,
      stopGraceMs: () => settings.now.stopGraceMs,
      onProblem: (problem) => log.write("warn", problem),
    }),
    mode: modeReason === null ? "full" : "read-only",
    modeReason,
    lost: () => {
      lock.look();
      return lost;
    },
    onLost: (listener) => void (tell = listener),
    problems: settingsFile.kind === "set-aside" || settingsFile.kind === "unreadable" ? [settingsFile.error] : [],
    token: () => readToken(local.token) ?? ensureToken(local.token),
    isFreeAgain: () => modeReason !== null && unwritable === null && heldElsewhere(paths) === null,
    release: () => lock.release(),
  };
}

const lostText = (holder: Holder | null): string =>
  `${holder === null ? "Another machine" : `The machine ${holder.host}`} has taken this home while this one was silent. Nothing is changed from here any more`;

/** Not the session's `TMPDIR`: whoever asks for this home must come to the same folder. */
const systemTemporary = (): string => (existsSync("/tmp") ? "/tmp" : tmpdir());

function readOnlyReason(
  unwritable: PinokioError | null,
  lock: ReturnType<typeof takeHomeLock> | { elsewhere: null },
): string | null {
  if (unwritable !== null) return `${unwritable.message}. ${unwritable.hint ?? ""}`.trim();
  if ("release" in lock || lock.elsewhere === null) return null;
  return `The machine ${lock.elsewhere.host} is using this home. End its sidecar, then run \`pinokiocloud up --replace\` here`;
}
