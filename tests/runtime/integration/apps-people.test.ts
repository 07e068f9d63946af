import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { appHome } from "../../helpers/app-home.js";
import { until } from "../../helpers/command-line.js";

test("question-form: forms, a folder, a window and a text are asked for, and what was said is kept", async () => {
  await using apps = appHome();
  apps.put("question-form");
  const person = { name: "Ada", API_KEY: "sk-1", notes: "none", loud: true, size: "l" };
  const answers = [person, ["models"], { action: "yes" }, {}];
  const { ends, said, events, errors } = await apps.play("question-form", { answers, input: { from: "menu" } });
  expect([errors, ends]).toEqual([[], ["question-form/ask.json finished"]]);
  const models = apps.at("question-form/models");
  expect(said[0]).toBe("fetches by itself");
  expect(JSON.parse(said[1]!)).toEqual({ key: "sk-1", colour: "green", models, args: { from: "menu" } });
  const asked = events.filter(({ type }) => type === "input").map(({ request }) => request);
  expect(asked).toMatchObject([
    {
      title: "Who are you",
      form: [{ key: "name", required: true }, { type: "password" }, {}, {}, { items: [{}, { value: "l" }] }],
    },
    { title: "Models", type: "folder" },
    { id: "sure", html: `<p>${models}</p>`, await: true },
    { title: "Read this" },
  ]);
  expect(apps.read("question-form/ENVIRONMENT")).toMatch(/^COLOUR=green$[^]*^API_KEY=sk-1$/m);

  const no = await apps.play("question-form", { answers: [{ ...person, API_KEY: "" }, "models", { action: "no" }] });
  expect([no.said, no.ends]).toEqual([["said no"], ["question-form/ask.json finished"]]);
  expect(apps.read("question-form/ENVIRONMENT")).toMatch(/^COLOUR=blue$/m);
});

test("question-form: a script that needs a variable gets the one in the app's ENVIRONMENT file", async () => {
  await using apps = appHome();
  apps.put("question-form");
  // Whoever names the script's path is asked nothing.
  expect((await apps.play("question-form/keyed.json")).said).toEqual(["key {{env.SERVICE_KEY}}"]);
  expect(apps.read("question-form/ENVIRONMENT")).toMatch(/^# Fetches models[^]*^AUTO_FETCH=true$[^]*^COLOUR=red$/m);
  appendFileSync(apps.at("question-form/ENVIRONMENT"), "SERVICE_KEY=from the file\n");
  expect((await apps.play("question-form/keyed.json")).said).toEqual([`key ${"*".repeat("from the file".length)}`]);
});

test("front-desk: what it needs is started first and is ready before it, for its launch script alone", async () => {
  await using apps = appHome();
  apps.put("front-desk");
  const missing = await apps.play("front-desk/start.js");
  expect([missing.answer.code, missing.errors]).toEqual([1, [expect.stringMatching(/not installed: back-office/)]]);
  apps.put("back-office");

  expect((await apps.play("front-desk/install.js")).said).toEqual(["alone"]);
  expect(await apps.status("back-office/start.json")).toMatchObject({ running: false });

  const { said, ends } = await apps.play("front-desk");
  expect(said).toEqual(["office true"]);
  expect(ends).toEqual(["back-office/start.json daemon", "front-desk/start.js daemon"]);
  expect(await apps.status("back-office/start.json")).toMatchObject({ running: true, ready: true, shells: 1 });
  await apps.run("stop", "front-desk");
  expect(await apps.status("back-office/start.json")).toMatchObject({ running: true });

  // One that is up is not started again.
  const started = readFileSync(apps.at("started.txt"), "utf8");
  rmSync(apps.at("started.txt"));
  expect((await apps.play("front-desk")).ends).toEqual(["front-desk/start.js daemon"]);
  expect([existsSync(apps.at("started.txt")), started]).toEqual([false, expect.stringMatching(/^\d+\n$/)]);
});

test("front-desk: comes up with Pinokio, after the app it needs, which does not come up by itself", async () => {
  await using apps = appHome();
  expect([(await apps.install("back-office")).code, (await apps.install("front-desk")).code]).toEqual([0, 0]);
  const states = async () => [await apps.status("back-office/start.json"), await apps.status("front-desk/start.js")];
  expect(await states()).toMatchObject([{ running: false }, { running: false }]);
  await apps.run("down");
  await apps.run("up");
  await until(states, (both) => both.every(({ ready }) => ready));
  expect((await apps.run("logs", "front-desk/start.js")).out).toContain("office true");

  // Once it needs nobody, nothing else comes up.
  await apps.run("down");
  writeFileSync(apps.at("front-desk/ENVIRONMENT"), "PINOKIO_SCRIPT_AUTOLAUNCH=start.js\n");
  await apps.run("up");
  await until(states, ([, front]) => front!.ready);
  expect((await states())[0]).toMatchObject({ running: false, ready: false });
  expect((await apps.run("logs", "front-desk/start.js")).out).toContain("office false");
});

test("caption-maker: a script starts a Gradio app, asks it, and stops it", async () => {
  await using apps = appHome();
  apps.put("caption-maker");
  const { said, ends, errors, events } = await apps.play("caption-maker/ask.js");
  expect([errors, said]).toEqual([[], ['["TWO WORDS",2]', "step-failed"]]);
  expect(ends).toContain("caption-maker/ask.js finished");
  expect(events.filter(({ type, method }) => type === "step" && method === "gradio.predict")).toHaveLength(2);
  expect(await apps.status("caption-maker/start.js")).toMatchObject({ running: false, shells: 0 });
});
