import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { holdsPackage, pagePathVariables } from "../../../src/runtime/environments/page-path.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const PATH = "/user/x/proxy/{port}";

const asked = (
  line: string,
  more: { env?: Record<string, string>; path?: string | undefined; waits?: boolean; has?: string[] },
) =>
  pagePathVariables(
    "path" in more ? more.path : PATH,
    { line, isWaitedFor: more.waits ?? true, env: { VIRTUAL_ENV: "/app/env", ...more.env } },
    { portFrom: (first) => Promise.resolve(first + 2), holds: (_, name) => (more.has ?? ["gradio"]).includes(name) },
  );

test("Gradio is told the path of the port that it will get, and gets that port", async () => {
  expect(await asked("python app.py", {})).toEqual({
    GRADIO_SERVER_PORT: "7862",
    GRADIO_ROOT_PATH: "/user/x/proxy/7862",
  });
});

test.each([
  ["by a flag", "python app.py --server-port 9001", {}, "/user/x/proxy/9001"],
  ["by a flag with =", "python -u app.py --port=9002 --share", {}, "/user/x/proxy/9002"],
  ["by the author's variable", "accelerate launch app.py", { GRADIO_SERVER_PORT: "9003" }, "/user/x/proxy/9003"],
])("a port that is known %s stays", async (_, line, env, root) => {
  expect(await asked(line, { env })).toEqual({ GRADIO_ROOT_PATH: root });
});

test.each<[string, string, Parameters<typeof asked>[1]]>([
  ["pages are reached directly", "python app.py", { path: undefined }],
  ["the author has said it", "python app.py", { env: { GRADIO_ROOT_PATH: "" } }],
  ["the command says it", "GRADIO_ROOT_PATH=/x python app.py", {}],
  ["the command says the port", "GRADIO_SERVER_PORT=$PORT python app.py", {}],
  ["there is no Gradio", "python app.py", { has: ["streamlit"] }],
  ["nobody waits for it", "python download.py", { waits: false }],
  ["packages are installed", "uv pip install -r requirements.txt && python fix.py", {}],
  ["it is no Python", "npm run dev", {}],
  ["the port cannot be read", "python app.py", { env: { GRADIO_SERVER_PORT: "any" } }],
])("nothing is set where %s", async (_, line, more) => {
  expect(await asked(line, more)).toEqual({});
});

test("a package is looked for in the environment itself", () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "lib", "python3.12", "site-packages", "gradio"), { recursive: true });
  expect(holdsPackage(folder.path, "gradio")).toBe(true);
  expect(holdsPackage(folder.path, "gradio_client")).toBe(false);
  expect(holdsPackage(join(folder.path, "gone"), "gradio")).toBe(false);
});
