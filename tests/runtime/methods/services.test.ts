import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { app, cloudflare, proxy } from "../../../src/runtime/methods/services.js";
import { callChecked, fakeContext, noShells } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const refuse = () => Promise.reject(new Error("this test runs nothing"));

test("a tunnel's address is the result and is kept", async () => {
  const event = Object.assign(["https://a-b.trycloudflare.com"], { index: 0, input: "" }) as RegExpExecArray;
  const result = { id: "1", stdout: "", response: "", event, error: undefined, exitCode: null };
  const context = fakeContext({
    programs: { find: () => "/bin/cloudflared", run: refuse },
    shells: { ...noShells(), run: () => Promise.resolve(result) },
  });
  expect(await callChecked(cloudflare.tunnel, { uri: "http://127.0.0.1:1" }, context)).toEqual({ uri: event[0] });
  expect(context.local).toEqual({ $share: { cloudflare: { "http://127.0.0.1:1": event[0] } } });
});

test("what cannot work here says so with a way out", async () => {
  const context = fakeContext({ programs: { find: () => null, run: refuse } });
  await expect(callChecked(cloudflare.tunnel, { uri: "x" }, context)).rejects.toMatchObject({ code: "tool-missing" });
  await expect(callChecked(app.launch, { app: "vlc" }, context)).rejects.toThrow("APP_NOT_FOUND");
});

test("a proxy does nothing, as in Pinokio", async () => {
  expect(await callChecked(proxy.start, { uri: "http://127.0.0.1:1", name: "x" }, fakeContext())).toBeUndefined();
});

test("an app is cloned into its folder, which must be free", async () => {
  using folder = temporaryFolder();
  const calls: string[][] = [];
  const context = fakeContext({
    home: folder.path,
    runProgram: (program, args) => {
      calls.push([program, ...args]);
      return Promise.resolve(0);
    },
  });
  const uri = "https://example.org/me/tool.git";
  const path = join(folder.path, "api/tool");
  expect(await callChecked(app.download, { uri, branch: "dev" }, context)).toEqual({
    ok: true,
    name: "tool",
    path,
    uri,
  });
  expect(calls).toEqual([["git", "clone", "--branch", "dev", "--", uri, path]]);
  mkdirSync(path, { recursive: true });
  await expect(callChecked(app.download, { uri }, context)).rejects.toMatchObject({ code: "app-exists" });
  await expect(callChecked(app.download, { uri, name: "../x" }, context)).rejects.toMatchObject({
    code: "script-invalid",
  });
  await expect(callChecked(app.download, { uri: "--upload-pack=x" }, context)).rejects.toMatchObject({
    code: "script-invalid",
  });
});
