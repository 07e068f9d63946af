import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { hostOf, short } from "../words.js";

const repository = (seen: Seen): string => {
  const near = seen.before(/Cloning into '([^']{1,200})'/, 6)?.[1];
  return group(seen) === "" ? (near ?? "The repository") : group(seen);
};

export const git: readonly Detector[] = [
  {
    code: "git-login-needed",
    layer: "access",
    happened: "A git repository wants a login",
    advice: "Check the address, since hosts ask for a login where nothing is; for a private one, give git a token",
    patterns: [
      /could not read (?:Username|Password) for '([^']{1,200})'/,
      /Authentication failed for '([^']{1,200})'/,
      /Support for password authentication was removed/,
      /^(\S{1,120}): Permission denied \((?:publickey|password|keyboard-interactive)/,
      /Invalid username or (?:password|token)/,
    ],
    say: (seen) => ({ sentence: `${hostOf(repository(seen))} wants a login for this repository` }),
  },
  {
    code: "ssh-host-unknown",
    layer: "access",
    happened: "ssh does not know the machine that a repository is on, or knows it with another key",
    advice: "Connect to it once with ssh in a terminal and accept its key, or use the repository's https address",
    patterns: [
      /^Host key for \[?([^\]\s]{1,200}?)\]?(?::\d{1,5})? has changed and you have requested strict checking/,
      /^Host key verification failed\./,
    ],
    say: (seen) => ({
      sentence:
        group(seen) === ""
          ? "A repository is on a machine that ssh does not know yet"
          : `${group(seen)} has another key than the one that ssh knows of it`,
    }),
  },
  {
    code: "git-repository-missing",
    layer: "access",
    happened: "A git repository is not at its address",
    advice: "The repository was moved, renamed or made private: update the app, or ask its author",
    patterns: [
      /^(?:fatal|remote|ERROR): [Rr]epository '([^']{1,200})' (?:not found|does not exist)/,
      /^(?:remote: )?(?:ERROR: )?Repository not found\.?$/,
      /fatal: '([^']{1,200})' does not appear to be a git repository/,
    ],
    say: (seen) => ({ sentence: `${repository(seen)} is not there`, repairs: [offer.updateApp()] }),
  },
  {
    code: "lfs-quota",
    layer: "access",
    happened: "The owner of a repository has used up what may be loaded from its large files",
    advice: "Only its owner can change that: wait until next month, or get the files from another place",
    patterns: [/repository (?:is over its data quota|exceeded its LFS budget)/],
    say: (seen) => {
      const from = seen.after(/failed to fetch some objects from '([^']{1,200})'/i, 12)?.[1];
      return {
        sentence: `The large files of ${from ?? "the repository"} cannot be loaded: its owner's quota is used up`,
      };
    },
  },
  {
    code: "git-lfs-missing",
    layer: "tool",
    happened: "A repository keeps large files with git-lfs, and that is not installed",
    advice: "Install the system package git-lfs, then start it again",
    patterns: [
      /git: 'lfs' is not a git command/,
      /(?:^|: )(?:\d{1,6}: )?git-lfs: (?:command )?not found/,
      /This repository is configured for Git LFS but 'git-lfs' was not found/,
    ],
    say: () => ({
      sentence: "The repository keeps large files with git-lfs, and git-lfs is not installed",
      repairs: [offer.installPackages("git-lfs"), offer.retry()],
    }),
  },
  {
    code: "git-lock",
    layer: "package",
    happened: "A git command that was cut off left its lock behind, or another one is at work",
    advice: "Wait for other git commands on this folder to end; if there are none, remove the lock",
    patterns: [/Unable to create '([^']{1,300}\.lock)': File exists/, /cannot lock ref '([^']{1,200})'/],
    say: (seen) => ({
      sentence: `${group(seen)} keeps git from working here`,
      repairs: [offer.clearPartial(group(seen).startsWith("/") ? group(seen) : null), offer.retry()],
    }),
  },
  {
    code: "git-diverged",
    layer: "package",
    happened: "The app's folder has commits that its source does not have, or its source was rewritten",
    advice: "Keep your own commits on a branch, then reset the folder to its source; or install the app again",
    patterns: [
      /fatal: Need to specify how to reconcile divergent branches/,
      /fatal: Not possible to fast-forward, aborting/,
      /fatal: refusing to merge unrelated histories/,
      /^CONFLICT \([^)]{1,40}\): .{0,200}$/,
      /You have unmerged paths|Pulling is not possible because you have unmerged files/,
    ],
    say: ({ text }) => ({
      sentence: text.startsWith("CONFLICT")
        ? `Your changes and those of the source do not go together: ${short(text)}`
        : "The folder and its source have gone different ways",
    }),
  },
  {
    code: "git-local-changes",
    layer: "package",
    happened: "An update would overwrite files that were changed here",
    advice: "Keep your changes with git stash, then try again; git stash pop brings them back",
    patterns: [
      /Your local changes to the following files would be overwritten by (\w{1,20})/,
      /The following untracked working tree files would be overwritten by (\w{1,20})/,
      /cannot pull with rebase: You have unstaged changes/,
    ],
    say: (seen) => {
      const file = seen.after(/^\s+(\S.{0,200})$/, 1)?.[1];
      return { sentence: `An update would overwrite your changes${file === undefined ? "" : ` in ${file}`}` };
    },
  },
  {
    code: "git-damaged",
    layer: "package",
    happened: "A git folder is damaged or was not checked out to its end",
    advice: "Move the folder away and install the app again; what you made in it is still there to copy",
    patterns: [
      /loose object [0-9a-f]{7,64} .{0,300}is corrupt/,
      /object file \S{1,300} is empty/,
      /fatal: bad object [0-9a-fA-F]{4,64}/,
      /warning: Clone succeeded, but checkout failed/,
      /fatal: (?:index file corrupt|pack .{1,200} is corrupt|packfile .{1,300} (?:is corrupt|cannot be accessed))/,
      /fatal: (?:fetch-pack: )?invalid index-pack output/,
    ],
    say: ({ text }) => ({
      sentence: `The git folder is damaged: ${short(text, 120)}`,
      repairs: [offer.clearPartial()],
    }),
  },
  {
    code: "git-folder-taken",
    layer: "package",
    happened: "A repository should be cloned into a folder that holds something",
    advice: "If an earlier attempt left it, move the folder away and try again",
    patterns: [/destination path '([^']{1,300})' already exists and is not an empty directory/],
    say: (seen) => ({ sentence: `The folder ${group(seen)} is not empty, so nothing can be cloned into it` }),
  },
  {
    code: "git-other-owner",
    layer: "package",
    happened: "A git folder belongs to another user of the machine",
    advice: "Give the folder to your user with chown, or name it in git config --global safe.directory",
    patterns: [/detected dubious ownership in repository at '([^']{1,300})'/],
    say: (seen) => ({ sentence: `git does not touch ${group(seen)}: another user owns it` }),
  },
  {
    code: "git-version-missing",
    layer: "package",
    happened: "A branch, tag or commit is not in the repository",
    advice: "It was renamed or removed: update the app, or ask its author",
    patterns: [
      /Remote branch (\S{1,200}) not found in upstream/,
      /pathspec '([^']{1,200})' did not match any file\(s\) known to git/,
      /couldn't find remote ref (\S{1,200})/,
      /reference is not a tree: ([0-9a-f]{7,64})/,
    ],
    say: (seen) => ({ sentence: `The repository has no ${group(seen)}`, repairs: [offer.updateApp()] }),
  },
  {
    code: "git-folder-missing",
    layer: "program",
    happened: "A git command ran in a folder that is no repository",
    advice: "Install the app again from its address",
    patterns: [/fatal: not a git repository/],
    say: () => ({ sentence: "A git command ran in a folder that is no repository" }),
  },
];
