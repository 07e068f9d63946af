import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, type TestHome } from "../../helpers/command-line.js";

function put(home: TestHome, app: string, script: object): string {
  const folder = join(home.path, "api", app);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "start.json"), JSON.stringify(script));
  return join(folder, "start.json");
}

const shell = (message: string, event: string) => ({
  daemon: true,
  run: [{ method: "shell.run", params: { message, on: [{ event, done: true }] } }],
});

test("wait gives the address of a page that answers, and stop says what it took", async () => {
  await using home = testHome();
  const script = put(home, "web", shell("python3 -u -m http.server {{port}} --bind 127.0.0.1", "/Serving HTTP/"));
  expect(await home.run("wait", "web")).toMatchObject({
    code: 1,
    err: expect.stringContaining("web does not run") as unknown,
  });
  expect((await home.run("script", "run", script)).code).toBe(0);
  const waited = await home.run("wait", "web", "--timeout", "20000");
  expect(waited).toMatchObject({ code: 0, out: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\n$/) as unknown });
  expect(await (await fetch(waited.out.trim())).text()).toContain("start.json");
  const port = new URL(waited.out.trim()).port;
  const stopped = await home.run("stop", "web");
  expect(stopped.out).toMatch(
    new RegExp(`^stopped web/start\\.json: \\d+ process(es)?(, \\d+ killed)?, port ${port} closed, \\d+\\.\\d s\n$`),
  );
});

test("wait gives up in time with code 3, and tells programs why", async () => {
  await using home = testHome();
  const script = put(home, "mute", shell("echo up; sleep 600", "/up/"));
  expect((await home.run("script", "run", script)).code).toBe(0);
  const late = await home.run("wait", "mute", "--timeout", "0", "--json");
  expect(late).toMatchObject({ code: 3, json: { error: { code: "timeout" } } });
  const stopped = (await home.run("stop", "mute", "--json")).json as { stopped: { ending?: object }[] };
  expect(stopped.stopped).toMatchObject([{ ending: { left: 0, portsClosed: [] } }]);
});
