/** Where a git repository is, and what of it is wanted. */
export interface GitAddress {
  /** Without a login in it. */
  url: string;
  protocol: "https" | "http" | "ssh" | "file";
  /** Empty for a folder of this machine. */
  host: string;
  /** Of the folder that git itself would choose. */
  name: string;
  /** With a commit besides: the branch that is to stand at it, if there is one of that name. */
  branch: string | null;
  /** All or the first digits of it. */
  commit: string | null;
  /** What was written in the address. */
  login: GitLogin | null;
}

export interface GitLogin {
  user: string;
  password: string;
}

/** No owner there has a dot in its name: what has one is a host. */
const GITHUB_NAME = /^[\w-]+\/[\w.-]+$/;
/** No ssh address: nobody has given a user, and what follows the colon is a port. */
const WITH_PORT = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:]+\]):\d{1,5}(?:\/[\w.~%-]+)+\/?$/i;
/** Of this machine, where servers that are tried out have no certificate. */
const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])(?=[:/])/i;
/** As it stands in an address bar: github.com/owner/name. */
const WITHOUT_SCHEME = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[\w.~%-]+){2,}\/?$/;
const WINDOWS_PATH = /^[a-z]:[\\/]/i;
const SCP_LIKE = /^(?:[\w.-]+@)?([\w.-]+):(?![/:])(.+)$/;
const COMMIT = /^[0-9a-f]{7,64}$/;

/** Null for what is no address of a repository. `owner/name` stands for one on GitHub. */
export function parseGitAddress(text: string): GitAddress | null {
  const { address, branch, commit } = takeApart(text.trim());
  const wanted = { branch, commit };
  if (GITHUB_NAME.test(address)) {
    return withName({ url: `https://github.com/${address.replace(/\.git$/, "")}.git`, protocol: "https", ...wanted });
  }
  if (/^[a-z][a-z+]*:\/\//i.test(address)) return fromUrl(address, wanted);
  if (WITHOUT_SCHEME.test(address) || WITH_PORT.test(address)) {
    return fromUrl(`${LOOPBACK.test(address) ? "http" : "https"}://${address}`, wanted);
  }
  if (WINDOWS_PATH.test(address)) return null;
  const [, host, path] = SCP_LIKE.exec(address) ?? [];
  if (host === undefined || path === undefined || address.startsWith("-")) return null;
  return withName({ url: address, protocol: "ssh", host, ...wanted });
}

/** Whether a text is written as an address of something elsewhere, whatever it leads to. */
export const isAddress = (text: string): boolean =>
  /^[a-z][a-z+]*:\/\//i.test(text.trim()) || /^[\w.-]+@[\w.-]+:/.test(text.trim());

type Wanted = Pick<GitAddress, "branch" | "commit">;

function takeApart(text: string): Wanted & { address: string } {
  const [, address = text, branch] = /^(.+?)#([^#]+)$/.exec(text) ?? [];
  if (branch !== undefined) {
    if (COMMIT_WHOLE.test(branch)) return { address, branch: null, commit: branch };
    const [, on = branch, at = null] = BRANCH_AT_COMMIT.exec(branch) ?? [];
    return { address, branch: on, commit: at };
  }
  const [, before, commit] = /^(.+[/:].+)@([^@/:]+)$/.exec(text) ?? [];
  if (before !== undefined && commit !== undefined && COMMIT.test(commit))
    return { address: before, branch: null, commit };
  return { address: text, branch: null, commit: null };
}

const COMMIT_WHOLE = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const BRANCH_AT_COMMIT = /^(.+)@([0-9a-f]{7,64})$/;

function fromUrl(address: string, wanted: Wanted): GitAddress | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== "https" && protocol !== "http" && protocol !== "ssh" && protocol !== "file") return null;
  if (url.pathname.replace(/\/+$/, "") === "") return null;
  const isWeb = protocol === "https" || protocol === "http";
  const login =
    isWeb && (url.username !== "" || url.password !== "")
      ? loginOf(decoded(url.username), decoded(url.password))
      : null;
  if (isWeb) url.username = url.password = "";
  url.hash = "";
  const inBrowser = isWeb ? /^(\/[^/]+\/[^/]+)\/tree\/(.+)$/.exec(url.pathname) : null;
  if (inBrowser?.[1] !== undefined) {
    url.pathname = inBrowser[1];
    wanted = { branch: wanted.branch ?? decoded(inBrowser[2] ?? ""), commit: wanted.commit };
  }
  const whole = url.href.replace(/\/+$/, "");
  const inside = isWeb ? (/^(.+?\.git)\/.+$/.exec(whole)?.[1] ?? whole) : whole;
  return withName({ url: inside, protocol, host: url.host, login, ...wanted });
}

/** A token may be written alone, where the user would be. */
const loginOf = (user: string, password: string): GitLogin =>
  password === "" ? { user: "x-access-token", password: user } : { user, password };

function withName(
  address: Omit<GitAddress, "name" | "host" | "login"> & Partial<Pick<GitAddress, "host" | "login">>,
): GitAddress | null {
  const name = decoded(address.url)
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .pop();
  if (name === undefined || name === "") return null;
  return { host: address.protocol === "https" ? "github.com" : "", login: null, ...address, name };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
