/** How far git is with one part of its work. */
export interface GitProgress {
  part: "receive" | "resolve" | "files";
  done: number;
  total: number;
}

const PARTS: Readonly<Record<string, GitProgress["part"]>> = {
  "Receiving objects": "receive",
  "Resolving deltas": "resolve",
  "Updating files": "files",
  "Checking out files": "files",
};

/** Reads one line that git draws over and over, or null when it is another one. */
export function readGitProgress(line: string): GitProgress | null {
  const [, name = "", done, total] = /^([A-Z][a-z ]+): +\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
  const part = PARTS[name];
  return part === undefined || done === undefined ? null : { part, done: Number(done), total: Number(total) };
}

/** Where the server has sent git to, or null. */
export function readRedirect(line: string): string | null {
  const address = /^warning: redirecting to (\S+)/.exec(line)?.[1];
  return address === undefined ? null : address.replace(/\/+$/, "");
}
