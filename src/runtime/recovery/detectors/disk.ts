import type { Detector, Seen } from "../detector.js";
import { group } from "../detector.js";
import { offer } from "../offers.js";
import { short } from "../words.js";
import { sizeText } from "../../protocol/sizes.js";

const free = ({ facts }: Seen): string =>
  facts.diskFreeBytes === null ? "" : `; ${sizeText(facts.diskFreeBytes)} are free on the home's disk`;

/** The file that could not be written, where the line names one. */
const place = ({ text }: Seen): string => {
  const path = /[‘'"`]([^‘’'"`\s]{2,200})[’'"`]/.exec(text)?.[1] ?? /(?:^|\s)(\/[^\s'"`’:,]{2,200})/.exec(text)?.[1];
  return path === undefined ? "" : ` to write ${path}`;
};

export const disk: readonly Detector[] = [
  {
    code: "no-space",
    layer: "machine",
    happened: "A disk is full",
    advice: "Free some space, then start it again: apps can be uninstalled and the trash emptied on a full disk too",
    patterns: [
      /No space left on device/i,
      /\bENOSPC\b/,
      /There is no space left to write/,
      /There is not enough space on the disk/,
      /^curl: \(23\) .*[Ff]ailure writing output to destination/,
    ],
    // Linux answers with the same error when it runs out of watches for changed files.
    unless: /file watchers|inotify/i,
    confirm: (seen) => seen.before(/file watchers reached|inotify/, 14) === null,
    say: (seen) => ({
      sentence: `There is no space left${place(seen)}${free(seen)}`,
      repairs: [offer.freeDisk(), offer.clearPartial(), offer.retry()],
    }),
  },
  {
    code: "quota-exceeded",
    layer: "machine",
    happened: "The account may not store more on a disk",
    advice: "Delete files that you no longer need, or ask for a larger quota, then start it again",
    patterns: [/Disk quota exceeded/i, /\bEDQUOT\b/],
    say: (seen) => ({
      sentence: `Your disk quota is used up: there is nothing left${place(seen)}`,
      repairs: [offer.freeDisk(), offer.retry()],
    }),
  },
  {
    code: "read-only-files",
    layer: "machine",
    happened: "A disk or folder can only be read",
    advice: "Put the home where it can be written, with --home or PINOKIOCLOUD_HOME",
    patterns: [/Read-only file system/i, /\bEROFS\b/],
    say: (seen) => {
      const path = /[‘'"`]([^‘’'"`]{1,200})[’'"`]/.exec(seen.text)?.[1];
      return { sentence: `${path ?? "A folder"} cannot be written: its disk is read-only` };
    },
  },
  {
    code: "file-watch-limit",
    layer: "machine",
    happened: "No more files can be watched for changes",
    advice:
      "Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances as root, or end other programs that watch files",
    patterns: [
      /System limit for number of file watchers reached/,
      /inotify (?:watch )?limit reached|inotify_add_watch.*No space left/i,
      /EMFILE: too many open files, watch/,
    ],
    say: ({ text }) => {
      const path = /watch '([^']{1,200})'/.exec(text)?.[1];
      return {
        sentence: `The system's limit of watched files is reached${path === undefined || path === "." ? "" : ` at ${short(path)}`}`,
      };
    },
  },
  {
    code: "too-many-open-files",
    layer: "machine",
    happened: "A program opened more files than it may",
    advice: "Raise the limit with ulimit -n before it starts, or give it fewer workers",
    patterns: [/Too many open files/i, /\bEMFILE\b/, /\bENFILE\b/],
    unless: /, watch/,
    confirm: (seen) => seen.before(/too many open files, watch/, 14) === null,
    say: ({ text }) => {
      const path = /: '([^']{1,200})'|open '([^']{1,200})'/.exec(text);
      const last = path?.[1] ?? path?.[2];
      return { sentence: `It opened more files than it may${last === undefined ? "" : `; the last one was ${last}`}` };
    },
  },
  {
    code: "too-many-processes",
    layer: "machine",
    happened: "No more processes can be started",
    advice: "End other programs, or give this one fewer workers",
    patterns: [
      /fork: (?:retry: )?Resource temporarily unavailable/,
      /can't start new thread/,
      /spawn \S{1,200} EAGAIN/,
    ],
    say: (seen) => ({ sentence: `The system starts no more processes: ${short(group(seen, 0))}` }),
  },
];
