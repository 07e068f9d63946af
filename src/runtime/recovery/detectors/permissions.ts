import type { Detector, Seen } from "../detector.js";
import { offer } from "../offers.js";

const path = (seen: Seen): string | undefined =>
  /[‘'"`]([^‘’'"`]{1,300})[’'"`]/.exec(seen.text)?.[1] ??
  /(?:line \d{1,6}: )([^\s:]{1,300}): Permission denied/.exec(seen.text)?.[1] ??
  seen.after(/npm (?:error|ERR!) path (\S{1,300})/, 6)?.[1];

export const permissions: readonly Detector[] = [
  {
    code: "root-needed",
    layer: "tool",
    happened: "Something wants to be done as root, and you are not root here",
    advice: "Ask whoever runs this machine to install it, or use a way that needs no root",
    patterns: [
      /Could not open lock file \/var\/lib\/(?:dpkg|apt)\S{0,60} - open \(13: Permission denied\)/,
      /are you root\?/,
      /sudo: (?:a password is required|a terminal is required|no tty present)/,
      /Run as root|must be run as root|requires superuser privilege/i,
    ],
    say: () => ({ sentence: "System packages can only be installed as root, and you are not root on this machine" }),
  },
  {
    code: "permission-denied",
    layer: "tool",
    happened: "A file or folder may not be used",
    advice: "Give your user the folder with chown, or put the home where you may write",
    patterns: [
      /PermissionError: \[Errno 13\] Permission denied: '/,
      /PermissionError: \[Errno 1\] Operation not permitted: '/,
      /\bEACCES: permission denied/,
      /npm (?:error|ERR!) code E(?:ACCES|PERM)/,
      /: Permission denied$/,
      /: Permission denied \(os error 13\)/,
    ],
    unless: /Permission denied \(publickey|git@|lock-frontend/,
    say: (seen) => {
      const where = path(seen);
      const isProgram = /bash: |sh: /.test(seen.text) && /line \d+: \S+: Permission denied$/.test(seen.text);
      return isProgram && where !== undefined
        ? {
            sentence: `${where} may not be run: it is not marked as a program`,
            hint: `Mark it with chmod +x ${where}`,
            repairs: [offer.retry()],
          }
        : { sentence: `${where ?? "A file or folder"} may not be read or written by your user` };
    },
  },
  {
    code: "port-not-allowed",
    layer: "program",
    happened: "A program wants a port that only root may use",
    advice: "Choose a port above 1023",
    patterns: [
      /^PermissionError: \[Errno 13\] Permission denied$/,
      /listen EACCES: permission denied \S{1,60}:(\d{1,5})/,
    ],
    confirm: (seen) => seen.text.includes("listen") || seen.before(/server_bind|\.bind\(|sock.*bind/, 6) !== null,
    say: (seen) => {
      const port = seen.match[1];
      return {
        sentence: `${port === undefined ? "The port" : `Port ${port}`} may only be used by root`,
        repairs: [offer.otherPort(port === undefined ? null : Number(port))],
      };
    },
  },
];
