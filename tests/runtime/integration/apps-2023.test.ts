import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { App } from "../../../src/runtime/protocol/apps.js";
import { appHome, cameFrom, itemsOf } from "../../helpers/app-home.js";
import { until } from "../../helpers/command-line.js";
import { fileServer } from "../../helpers/file-server.js";

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

test("old-chat: typed into a shell, its address kept in session.json, waiting until it is stopped", async () => {
  await using apps = appHome();
  // The last thing an installation does is to ask for a click.
  const asks = await apps.install("old-chat");
  expect([asks.code, asks.err]).toEqual([3, expect.stringMatching(/^It waits for you/m)]);
  const state = async () => (JSON.parse((await apps.run("list", "--json")).out) as App[])[0]?.state;
  expect(await state()).toBe("installing");
  expect((await apps.run("answer", "old-chat", "{}")).code).toBe(0);
  await until(state, (now) => now === "installed");

  rmSync(apps.at("old-chat/app"), { recursive: true });
  expect(await apps.menu("old-chat")).toEqual([
    {
      type: "link",
      text: '<i class="fa-solid fa-plug"></i> Install',
      href: "install.json?run=true&fullscreen=true",
    },
  ]);
  const installed = await apps.play("old-chat/install.json", { answers: [{}] });
  expect(installed.ends).toEqual(["old-chat/install.json finished"]);
  const environment = realpathSync(apps.at("old-chat/app/env"));
  expect(apps.read("old-chat/app/prepared.txt")).toBe("prepared on linux\n");
  expect(apps.read("old-chat/app/where.txt")).toBe(`calm ${environment}\n`);
  expect(installed.events.filter(({ type, index }) => type === "result" && index === 3)).toMatchObject([
    { value: true },
  ]);

  const launched = ["Download by URL → download.html?raw=true", "Settings → app/settings.sh?mode=source#L3"];
  expect(itemsOf(await apps.menu("old-chat"))).toEqual([
    '<i class="fa-solid fa-power-off"></i> Launch → start.json?fullscreen=true&run=true',
    ...launched,
    "Home → /?selected=Old Chat",
    "<b>Update</b> → update.json",
  ]);

  const running = apps.play("old-chat/start.json");
  const session = await until(
    () =>
      apps.has("old-chat/session.json") ? (JSON.parse(apps.read("old-chat/session.json")) as { url: string }) : null,
    (read) => read !== null,
  );
  const url = session!.url;
  expect(await (await fetch(`${url}/where.txt`)).text()).toBe(`calm ${environment}\n`);
  expect(await apps.menu("old-chat")).toMatchObject([
    { text: "Open", href: url },
    { text: "Stop", action: { method: "stop", uri: "start.json" } },
    { href: "download.html?raw=true" },
    { href: "app/settings.sh?mode=source#L3" },
    { text: "Home", href: "/?selected=Old Chat" },
    { text: "<b>Update</b>", href: "update.json", params: { run: true, fullscreen: true } },
  ]);
  expect(await apps.status("old-chat/start.json")).toMatchObject({ running: true, shells: 1 });
  await apps.stop("old-chat/start.json");
  const { answer, ends, said, events } = await running;
  expect([answer.code, ends, said]).toEqual([3, ["old-chat/start.json stopped"], []]);
  expect(events.filter(({ method }) => method === "browser.open")).toMatchObject([
    { params: { uri: url, target: "_blank" } },
  ]);
  expect(await answers(url)).toBe(false);
});

test("old-chat: a page of its own asks for an address, and its script gets the form's values", async () => {
  await using apps = appHome();
  await using files = await fileServer((request, response) => response.end(`this is ${request.url}`));
  apps.put("old-chat");
  const page = apps.read("old-chat/download.html");
  const script = /action="([^"]+)"/.exec(page)![1]!;
  const [address, name] = [...page.matchAll(/<input name="([^"]+)"/g)].map((input) => input[1]!) as [string, string];
  const input = { [address]: `${files.url}/a model?x=1`, [name]: "a.bin" };
  const { ends, events } = await apps.play(`old-chat/${script}`, { input });
  expect(ends).toEqual(["old-chat/download.json finished"]);
  expect(apps.read("old-chat/models/a.bin")).toBe("this is /a%20model?x=1");
  expect(events.filter(({ method }) => method === "notify")).toMatchObject([{ params: { html: "Saved a.bin" } }]);
});

test("old-chat: loops, values in several memories, and code beside the script", async () => {
  await using apps = appHome();
  apps.put("old-chat");
  const { said, ends } = await apps.play("old-chat/words.json");
  expect(ends).toEqual(["old-chat/words.json finished"]);
  expect(said.map((text) => text.replace(/\s+/g, ""))).toEqual([
    '{"seen":["one","two","three"],"who":"old"}',
    ...["byid", "back", "bynumber"],
    "picksforlinux",
    '{"db":{},"text":"{}\\n","last":"three","seen":"gone"}',
  ]);
  const updated = await apps.play("old-chat/update.json", { input: { run: "true", fullscreen: "true" } });
  expect(updated.said).toEqual(['{"args":{"run":"true","fullscreen":"true"}}']);
});

/** Sends half of a large file and hangs up, the first time. */
async function breakingServer(body: Buffer) {
  const ranges: (string | undefined)[] = [];
  const server = await fileServer((request, response) => {
    if (request.url !== "/part.bin") return response.end(`text of ${request.url}`);
    ranges.push(request.headers.range);
    const from = Number(/bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const head = { etag: '"1"', "accept-ranges": "bytes", "content-length": body.length - from };
    if (from > 0)
      response.writeHead(206, { ...head, "content-range": `bytes ${from}-${body.length - 1}/${body.length}` });
    else response.writeHead(200, head);
    if (ranges.length > 1) return response.end(body.subarray(from));
    return response.write(body.subarray(0, body.length / 2), () => setTimeout(() => response.destroy(), 100));
  });
  return Object.assign(server, { ranges });
}

test("borrower: reaches into another app by the address it was cloned from, and goes on after a lost connection", async () => {
  const body = Buffer.alloc(3_000_000, "abc");
  await using apps = appHome();
  await using files = await breakingServer(body);
  expect((await apps.install("borrower")).code).toBe(0); // only then may its menu look at other apps
  cameFrom(apps.at("borrower"), "https://git.example.test/me/borrower.git");
  mkdirSync(apps.at("some-name/app"), { recursive: true });
  writeFileSync(apps.at("some-name/app/about.json"), '{ "name": "The lender" }');
  writeFileSync(apps.at("some-name/tools.js"), WEIGH);
  cameFrom(apps.at("some-name"), "https://git.example.test/Lender/lender");
  expect(itemsOf(await apps.menu("borrower"))).toContain("Lender there → share.js");

  const { ends, said, errors } = await apps.play("borrower/borrow.json", { input: { files: files.url } });
  expect([errors, ends]).toEqual([[], ["borrower/borrow.json finished"]]);
  expect(said).toEqual(["The lender lent 3000000 bytes"]);
  expect([files.ranges[0], files.ranges.at(-1)]).toEqual([undefined, `bytes=${body.length / 2}-`]);
  const sum = (data: Buffer) => createHash("sha256").update(data).digest("hex");
  expect(sum(readFileSync(apps.at("some-name/app/models/part.bin")))).toBe(sum(body));
  expect(readdirSync(apps.at("some-name/app/models"))).toEqual(["part.bin"]);
  expect(apps.read("some-name/app/listing.txt")).toBe("part.bin\n");
  expect(readdirSync(apps.at("borrower/mine")).sort()).toEqual(["copy.bin", "one.txt", "two.txt"]);
  expect(apps.read("borrower/mine/two.txt")).toBe("text of /two.txt?download=true");
  // Only a point separates in a key.
  expect(JSON.parse(apps.read("borrower/app/ui-config.json"))).toEqual({
    "txt2img/Width/value": 832,
    "txt2img/Sampler": { default: "Euler" },
    a: { b: 1 },
  });

  // Both put their models into one folder of the drive; the first file of a name stays, the other is kept.
  writeFileSync(apps.at("some-name/link.json"), JSON.stringify(LENDER_LINK));
  mkdirSync(apps.at("borrower/models"));
  writeFileSync(apps.at("borrower/models/part.bin"), "another one");
  writeFileSync(apps.at("borrower/models/own.bin"), "own");
  expect((await apps.play("some-name/link.json")).errors).toEqual([]);
  expect((await apps.play("borrower/share.js")).errors).toEqual([]);
  expect(realpathSync(apps.at("borrower/models"))).toBe(realpathSync(apps.at("some-name/app/models")));
  expect(readFileSync(apps.at("borrower/models/part.bin")).length).toBe(body.length);
  expect(apps.read("some-name/app/models/own.bin")).toBe("own");
  const [kept] = readdirSync(join(apps.home.path, "trash"));
  expect(readFileSync(join(apps.home.path, "trash", kept!, "files/models/part.bin"), "utf8")).toBe("another one");
});

const WEIGH = `const { statSync } = require("fs");
const { resolve } = require("path");
exports.weigh = (req) => ({ bytes: statSync(resolve(req.cwd, req.params.file)).size });`;
const LENDER_LINK = { run: [{ method: "fs.link", params: { drive: { checkpoints: "app/models" } } }] };

test("author-mistakes: what is in the wrong place is passed over, what cannot be done is said", async () => {
  await using apps = appHome();
  apps.put("author-mistakes");
  const offered = [
    { default: true, text: "Start", href: "misplaced.json" },
    { icon: "fa-solid fa-plug", text: "Update", href: "uipdate.js" },
    { text: "Reset", href: "reset.js" },
    { text: "A number for an icon", href: "misplaced.json" },
  ];
  expect(await apps.menu("author-mistakes")).toEqual(offered);

  const { ends, said, answer } = await apps.play("author-mistakes");
  expect(ends).toEqual(["author-mistakes/callee.json finished", "author-mistakes/misplaced.json finished"]);
  expect(said).toEqual(["callee 2", "still here"]);
  expect(answer.out).toMatch(/first[^]*a text is always true/);

  const failing = ["from-to.json", "python.json", "uv-pip.json", "update.js", "uipdate.js"];
  const failures = [];
  for (const script of failing) {
    const played = await apps.play(`author-mistakes/${script}`);
    failures.push([played.answer.code, played.said, played.errors[0] ?? played.answer.err]);
  }
  expect(failures).toEqual([
    [1, [], expect.stringMatching(/src|dest/)],
    [1, [], expect.stringMatching(/python/)],
    [1, [], expect.stringMatching(/error:/)],
    [1, [], expect.stringMatching(/update\.js:5/)],
    [1, [], expect.stringMatching(/uipdate\.js/)],
  ]);
  expect((await apps.play("author-mistakes/sloppy.js")).said).toEqual(["one", "two"]);

  // A template that had no value is kept as it is, and offered to nobody as an address.
  const up = await apps.play("author-mistakes/no-address.json");
  expect([up.answer.code, up.answer.err]).toEqual([0, ""]);
  expect((await apps.status("author-mistakes/no-address.json")).local).toEqual({ url: "{{input.event[0]}}" });
  const [app] = JSON.parse((await apps.run("list", "--json")).out) as App[];
  expect(app).toMatchObject({ id: "author-mistakes", url: null, problem: null });

  // A menu that throws is said, and the next one is as before.
  writeFileSync(apps.at("author-mistakes/trip.txt"), "");
  const broken = await apps.run("app", "menu", "author-mistakes");
  expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/update_btn is not defined/)]);
  const [told] = JSON.parse((await apps.run("list", "--json")).out) as App[];
  expect(told?.problem?.message).toMatch(/pinokio\.js:\d+/);
  rmSync(apps.at("author-mistakes/trip.txt"));
  expect(await apps.menu("author-mistakes")).toEqual(offered);
});
