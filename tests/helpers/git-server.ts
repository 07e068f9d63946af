import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { fileServer } from "./file-server.js";
import { temporaryFolder } from "./temporary-folder.js";

const ENV = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.test",
};

/** Runs git in a folder, as somebody who has no settings. */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", ...args], {
    cwd,
    env: ENV,
    stdio: ["pipe", "pipe", "pipe"],
    encoding: "utf8",
    timeout: 20_000, // of a server in this process it would wait for ever
  });

/** A web server of git repositories on this machine, each made by one call. */
export interface GitServer extends AsyncDisposable {
  readonly url: string;
  /** Where bare repositories lie. */
  readonly root: string;
  /** Makes `<url>/<name>.git` of these files. */
  make(name: string, files: Record<string, string>): TestRepository;
  /** Answers in place of the repositories; true when it has answered. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Wants this login for everything. */
  login: { user: string; password: string } | null;
  /** Old name to new name of a repository that has moved. */
  readonly moved: Map<string, string>;
  /** Contents of large files, by digest. */
  readonly large: Map<string, Buffer>;
  /** Addresses that were asked for. */
  readonly asked: string[];
}

export interface TestRepository {
  readonly url: string;
  readonly bare: string;
  /** Commits these files and returns the commit. Null removes one. */
  commit(files: Record<string, string | null>, message?: string): string;
  /** As `commit`, in place of the last one. */
  rewrite(files: Record<string, string>): string;
  /** Commits another repository as a submodule that is at this address. */
  addPart(path: string, part: TestRepository, url: string): void;
  git(...args: string[]): string;
}

export async function gitServer(): Promise<GitServer> {
  const folder = temporaryFolder();
  const root = join(folder.path, "bare");
  const work = join(folder.path, "work");
  mkdirSync(root);
  const moved = new Map<string, string>();
  const large = new Map<string, Buffer>();
  const asked: string[] = [];
  const server = await fileServer((request, response) => {
    asked.push(request.url ?? "");
    if (made.intercept(request, response)) return;
    if (!isAllowed(request, made.login)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else if (request.url?.includes("/info/lfs/") === true) answerLfs(request, response, server.url, large);
    else if (request.url?.startsWith("/large/") === true) sendLarge(request, response, large);
    else {
      const [, name = ""] = /^\/([^/]+)\.git\//.exec(request.url ?? "") ?? [];
      const now = moved.get(name);
      if (now !== undefined) {
        response.writeHead(301, { location: (request.url ?? "").replace(name, now) }).end();
      } else answerGit(request, response, root);
    }
  });
  const make = (name: string, files: Record<string, string>): TestRepository => {
    const bare = join(root, `${name}.git`);
    const folderOf = join(work, name);
    mkdirSync(folderOf, { recursive: true });
    git(root, "init", "-q", "--bare", bare);
    git(bare, "config", "uploadpack.allowFilter", "true");
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true");
    git(folderOf, "init", "-q");
    const save = (changed: Record<string, string | null>, ...how: string[]): string => {
      for (const [file, text] of Object.entries(changed)) {
        if (text === null) git(folderOf, "rm", "-q", file);
        else {
          mkdirSync(dirname(join(folderOf, file)), { recursive: true });
          writeFileSync(join(folderOf, file), text);
        }
      }
      const written = Object.keys(changed).filter((file) => changed[file] !== null);
      if (written.length > 0) git(folderOf, "add", "--", ...written);
      git(folderOf, "commit", "-q", ...how);
      git(folderOf, "push", "-q", "--force", bare, "HEAD");
      return git(folderOf, "rev-parse", "HEAD").trim();
    };
    save(files, "-m", "first");
    return {
      url: `${server.url}/${name}.git`,
      bare,
      commit: (changed, message = "next") => save(changed, "-m", message),
      rewrite: (changed) => save(changed, "--amend", "-m", "rewritten"),
      addPart: (path, part, partUrl) => {
        const commit = part.git("rev-parse", "HEAD").trim();
        git(folderOf, "config", "-f", ".gitmodules", `submodule.${path}.path`, path);
        git(folderOf, "config", "-f", ".gitmodules", `submodule.${path}.url`, partUrl);
        git(folderOf, "add", ".gitmodules");
        git(folderOf, "update-index", "--add", "--cacheinfo", `160000,${commit},${path}`);
        git(folderOf, "commit", "-q", "-m", "part");
        git(folderOf, "push", "-q", "--force", bare, "HEAD");
      },
      git: (...args) => git(folderOf, ...args),
    };
  };
  const made: GitServer = {
    url: server.url,
    root,
    make,
    intercept: () => false,
    login: null,
    moved,
    large,
    asked,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
  return made;
}

/** The pointer that stands in a repository for these contents, which `server` has. */
export function largeFile({ large }: Pick<GitServer, "large">, contents: Buffer): string {
  const oid = createHash("sha256").update(contents).digest("hex");
  large.set(oid, contents);
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${contents.length}\n`;
}

function isAllowed({ headers }: IncomingMessage, login: GitServer["login"]): boolean {
  if (login === null) return true;
  const wanted = Buffer.from(`${login.user}:${login.password}`).toString("base64");
  return headers.authorization === `Basic ${wanted}`;
}

function answerGit(request: IncomingMessage, response: ServerResponse, root: string): void {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...ENV,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  backend.stdin.on("error", () => undefined);
  request.pipe(backend.stdin);
  response.on("close", () => backend.kill());
  let head = Buffer.alloc(0);
  let hasHead = false;
  backend.stdout.on("data", (bytes: Buffer) => {
    if (hasHead) return void response.write(bytes);
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) return;
    hasHead = true;
    let status = 200;
    for (const line of head.subarray(0, end).toString("latin1").split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/s);
      if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
  });
  backend.on("close", () => response.end());
}

function answerLfs(request: IncomingMessage, response: ServerResponse, url: string, large: GitServer["large"]): void {
  const parts: Buffer[] = [];
  request.on("data", (bytes: Buffer) => parts.push(bytes));
  request.on("end", () => {
    const { objects } = JSON.parse(Buffer.concat(parts).toString()) as { objects: { oid: string; size: number }[] };
    const found = objects.map(({ oid, size }) =>
      large.has(oid)
        ? { oid, size, actions: { download: { href: `${url}/large/${oid}`, header: passOn(request) } } }
        : { oid, size, error: { code: 404, message: "Object does not exist" } },
    );
    response.writeHead(200, { "content-type": "application/vnd.git-lfs+json" });
    response.end(JSON.stringify({ transfer: "basic", objects: found }));
  });
}

const passOn = ({ headers }: IncomingMessage): Record<string, string> =>
  headers.authorization === undefined ? {} : { authorization: headers.authorization };

function sendLarge(request: IncomingMessage, response: ServerResponse, large: GitServer["large"]): void {
  const contents = large.get((request.url ?? "").slice("/large/".length));
  if (contents === undefined) return void response.writeHead(404).end();
  const from = Number(/^bytes=(\d+)-$/.exec(String(request.headers.range ?? ""))?.[1] ?? 0);
  const rest = contents.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": rest.length,
    ...(from > 0 ? { "content-range": `bytes ${from}-${contents.length - 1}/${contents.length}` } : {}),
  });
  response.end(rest);
}
