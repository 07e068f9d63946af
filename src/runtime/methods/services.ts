import { basename, join } from "node:path";
import { existsSync } from "node:fs";
import * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type Method, type MethodContext, type ShellRequest } from "./method.js";

const Anything = z
  .looseObject({})
  .nullish()
  .transform((params): Record<string, unknown> => params ?? {});

const Uri = z.looseObject({ uri: z.string().describe("Address of the app on this machine") });

const tunnelShell = (uri: string): string => `cloudflare ${uri}`;

export const cloudflare = {
  tunnel: defineMethod({
    summary: "Make an app reachable from the internet through a tunnel of Cloudflare",
    params: Uri.extend({ passcode: z.unknown().optional().describe("Accepted, and not supported") }),
    run: async ({ uri, passcode }, context) => {
      const program = context.programs.find("cloudflared");
      if (program === null) {
        throw new PinokioError("tool-missing", "The program cloudflared was not found", {
          hint: "Install cloudflared, or open the app through this page, which needs no tunnel",
        });
      }
      if (passcode) context.warn("A tunnel has no passcode here: whoever knows the address can open it");
      const command = `'${program}' tunnel --no-autoupdate --url '${uri.replaceAll("'", "")}'`;
      const on = [
        { event: "/https:\\/\\/[a-z0-9-]+\\.trycloudflare\\.com/", done: true },
        { event: "/error:/i", break: false },
      ];
      const { event } = await context.shells.run(plainShell(tunnelShell(uri), command, on, context));
      if (event === undefined) throw new PinokioError("step-failed", `cloudflared opened no tunnel to ${uri}`);
      const [address] = event;
      const share = asObject(context.local["$share"]);
      context.local["$share"] = { ...share, cloudflare: { ...asObject(share["cloudflare"]), [uri]: address } };
      context.memoryChanged();
      return { uri: address };
    },
  }),

  stop: defineMethod({
    summary: "Close a tunnel",
    params: Uri,
    run: ({ uri }, context) => context.shells.stop(tunnelShell(uri)),
  }),
};

function plainShell(id: string, command: string, on: unknown, { cwd }: MethodContext): ShellRequest {
  return {
    id,
    command,
    cwd,
    env: {},
    without: [],
    activation: null,
    shell: undefined,
    on,
    interactive: false,
    requireVirtualenv: false,
    columns: undefined,
    rows: undefined,
  };
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const nothing = (summary: string): Method =>
  defineMethod({ summary, params: Anything, run: () => Promise.resolve(undefined) });

export const proxy = {
  start: nothing("Accepted for old scripts; does nothing, as in Pinokio"),
  stop: nothing("Accepted for old scripts; there is no proxy to stop"),
};

/** Programs of a desktop, of which there is none, and apps of this home. */
export const app = {
  launch: missingApp("app.launch", "Start a program of the desktop; there is none here"),
  info: missingApp("app.info", "Describe a program of the desktop; there is none here"),

  search: defineMethod({
    summary: "Look for programs of the desktop; there are none here",
    params: Anything,
    run: () => Promise.resolve({ apps: [], total: 0 }),
  }),

  refresh: defineMethod({
    summary: "Look again for programs of the desktop; there are none here",
    params: Anything,
    run: () => Promise.resolve({ ok: true, count: 0 }),
  }),

  download: defineMethod({
    summary: "Clone an app into this home",
    params: z.looseObject({
      uri: z.string().describe("Git address"),
      name: z.string().nullish().describe("Name of its folder"),
      branch: z.string().nullish().describe("Branch to check out"),
    }),
    run: async ({ uri, name, branch }, context) => {
      const folder = name ?? basename(uri.replace(/\/+$/, "")).replace(/\.git$/, "");
      if (!/^[\w][\w.-]*$/.test(folder)) {
        throw new PinokioError("script-invalid", `"${folder}" cannot be the name of an app's folder`);
      }
      if (!/^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(uri)) {
        throw new PinokioError("script-invalid", `${JSON.stringify(uri)} is no git address`);
      }
      const path = join(context.home, "api", folder);
      if (existsSync(path)) {
        throw new PinokioError("app-exists", `${path} is there already`, { hint: 'Choose another name with "name"' });
      }
      const args = ["clone", ...(branch ? ["--branch", branch] : []), "--", uri, path];
      const exitCode = await context.runProgram("git", args, context.home);
      if (exitCode !== 0) throw new PinokioError("step-failed", `${uri} could not be cloned`);
      return { ok: true, name: folder, path, uri };
    },
  }),
};

function missingApp(name: string, summary: string): Method {
  return defineMethod({
    summary,
    params: Anything,
    run: (params) => {
      const wanted = String(params["app"] ?? params["name"] ?? params["id"] ?? "");
      return Promise.reject(
        new PinokioError(
          "tool-missing",
          `APP_NOT_FOUND: ${name} found no program "${wanted}": there is no desktop here`,
          {
            hint: "Run the program's command with shell.run instead",
          },
        ),
      );
    },
  });
}
