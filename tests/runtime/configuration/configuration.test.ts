import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { Configuration, type ConfigurationWorld } from "../../../src/runtime/configuration/configuration.js";
import { EnvironmentFiles } from "../../../src/runtime/environments/environment-files.js";
import type { ConfigField } from "../../../src/runtime/protocol/config.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { LauncherSettings } from "../../../src/runtime/protocol/launcher.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { withoutRights } from "../../helpers/without-rights.js";

const APP = AppId.parse("paint");
const RUN = RunId.parse("run_000000000001");

interface Options {
  launcher?: Partial<LauncherSettings["scripts"][number]>[];
  original?: (file: string) => string | null;
  runs?: ReturnType<ConfigurationWorld["runs"]>;
}

/** An app with these files in a home of its own, and its settings. */
function app(
  files: Record<string, string | Buffer>,
  { launcher = [], original = () => null, runs = [] }: Options = {},
) {
  const folder = temporaryFolder();
  const home = folder.path;
  const at = (path: string): string => join(home, "api", APP, path);
  mkdirSync(at(""), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
  const changed: AppId[] = [];
  const agreedAfter: string[][] = [];
  const owner = { of: "https://example.test/paint" };
  let clock = Date.parse("2026-01-01T00:00:00Z");
  const world: ConfigurationWorld = {
    home,
    api: join(home, "api"),
    drive: join(home, "drive"),
    library: join(home, "library"),
    launcher: () =>
      Promise.resolve({
        scripts: launcher.map((one) => ({
          path: "start.js",
          asks: [],
          questions: [],
          commands: [],
          problem: null,
          ...one,
        })),
      }),
    gpus: () => Promise.resolve([{ index: 0, name: "Tesla T4" }]),
    environmentOf: (id) => {
      const files = new EnvironmentFiles(home, join(home, "api", id));
      files.create();
      return { file: files.appFileName, usual: files.usualText() };
    },
    ownerOf: () => owner.of,
    original: (file) => Promise.resolve(original(file)),
    portTaken: (port) => Promise.resolve(port === 7_777 ? "other/start.js" : null),
    runs: () => runs,
    onChanged: (id) => changed.push(id),
    keepAgreed: () =>
      Promise.resolve((files) => {
        agreedAfter.push([...files]);
        return Promise.resolve(null);
      }),
    now: () => new Date((clock += 1_000)),
  };
  const configuration = new Configuration(world);
  return {
    configuration,
    owner,
    changed,
    agreedAfter,
    at,
    home,
    text: (path: string): string => readFileSync(at(path), "utf8"),
    field: async (id: string): Promise<ConfigField> => {
      const { sections } = await configuration.form(APP);
      const found = sections.flatMap(({ fields }) => fields).find((field) => field.id === id);
      if (found === undefined)
        throw new Error(`no ${id}: ${sections.flatMap(({ fields }) => fields.map((one) => one.id)).join(" ")}`);
      return found;
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("every place where settings live is a section, and each setting has its kind", async () => {
  using paint = app(
    {
      _ENVIRONMENT: "# Where it is served\nSERVER_PORT=7860\nUSE_GPU=True\nCUDA_VISIBLE_DEVICES=0\nOPENAI_API_KEY=\n",
      "app/config.yaml":
        "model:\n  file: /models/a.safetensors # what to load\n  dtype: float16\n  quant: Q4_K_M\nsteps: 20 # between 1 and 150\nsampler: euler # one of: euler, ddim\nmax_tokens: 512\n",
      "app/settings.json": '{"log_level": "INFO", "output_dir": "./outputs", "notes": "hello"}',
      "app/config.toml": "volume = 0.5\n",
      "package.json": '{"config": {"port": 1}}',
      "app/models/x/config.json": '{"architectures": ["Llama"]}',
      "app/tsconfig.json": '{"compilerOptions": {"strict": true}}',
      "app/text_encoder/config.json": '{"model_type": "t5", "port": 5}',
    },
    {
      launcher: [
        {
          commands: [{ line: "python app.py --port {{port}} --share --api-key x", folder: "app" }],
          asks: [
            {
              file: null,
              path: ["OPENAI_API_KEY"],
              title: "Your OpenAI key",
              description: "From their page",
              default: null,
              placeholder: "sk-…",
              choices: [],
            },
          ],
        },
      ],
    },
  );
  const { sections } = await paint.configuration.form(APP);
  expect(sections.map(({ id }) => id)).toEqual([
    "ENVIRONMENT",
    "flags start.js",
    "app/config.toml",
    "app/config.yaml",
    "app/settings.json",
  ]);
  const kinds = Object.fromEntries(sections.flatMap(({ fields }) => fields.map(({ key, kind }) => [key, kind])));
  expect(kinds).toMatchObject({
    SERVER_PORT: "port",
    USE_GPU: "switch",
    CUDA_VISIBLE_DEVICES: "gpu",
    OPENAI_API_KEY: "secret",
    HF_HOME: "folder",
    PINOKIO_SHARE_CLOUDFLARE: "switch",
    PINOKIO_SHARE_PASSCODE: "secret",
    "--port": "port",
    "--share": "switch",
    "model.file": "model",
    "model.dtype": "choice",
    "model.quant": "choice",
    steps: "number",
    sampler: "choice",
    max_tokens: "number",
    log_level: "choice",
    output_dir: "folder",
    notes: "text",
    volume: "number",
  });
  expect(kinds).not.toHaveProperty("--api-key");
  expect(await paint.field("ENVIRONMENT#SERVER_PORT")).toMatchObject({
    value: 7860,
    default: 7860,
    help: "Where it is served",
  });
  expect(await paint.field("ENVIRONMENT#OPENAI_API_KEY")).toMatchObject({
    label: "Your OpenAI key",
    isSet: false,
    value: null,
    placeholder: "sk-…",
  });
  expect(await paint.field("app/config.yaml#steps")).toMatchObject({ min: 1, max: 150, help: "between 1 and 150" });
  expect((await paint.field("app/config.yaml#model.quant")).choices?.map(({ value }) => value)).toContain("Q5_K_M");
  expect((await paint.field("ENVIRONMENT#CUDA_VISIBLE_DEVICES")).choices).toContainEqual({
    value: "0",
    label: "0: Tesla T4",
  });
});

test("what is set is written where it stands, in the words that were there, and everything else stays", async () => {
  const yaml = "\uFEFF# top\r\nserver:\r\n  port: 7860 # free\r\n  debug: yes\r\nlist: [1,\r\n  2]\r\n";
  using paint = app({ ENVIRONMENT: "USE_GPU=True\n# c\nWORKERS=0\n", "config.yaml": yaml });
  chmodSync(paint.at("config.yaml"), 0o664);
  const done = await paint.configuration.set(APP, [
    { field: "ENVIRONMENT#USE_GPU", value: false },
    { field: "ENVIRONMENT#WORKERS", value: 4 },
    { field: "config.yaml#server.port", value: 80 },
    { field: "config.yaml#server.debug", value: false, before: true },
    { field: "ENVIRONMENT#MORE", value: "1 2" },
  ]);
  expect(done.changed).toEqual(["USE_GPU", "WORKERS", "server.port", "server.debug", "MORE"]);
  expect(paint.text("ENVIRONMENT")).toBe("USE_GPU=False\n# c\nWORKERS=4\nMORE=1 2\n");
  expect(paint.text("config.yaml")).toBe(yaml.replace("7860", "80").replace("yes", "no"));
  expect(statSync(paint.at("config.yaml")).mode & 0o777).toBe(0o664);
  expect(paint.changed).toEqual([APP]);
});

test("a change is all or nothing, and one that somebody else was faster with is refused", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\n", "config.json": '{"a": 1, "b": "x"}' });
  const set = (...changes: Parameters<Configuration["set"]>[1]) => paint.configuration.set(APP, changes);
  await expect(set({ field: "ENVIRONMENT#PORT", value: 2 }, { field: "config.json#a", value: "many" })).rejects.toThrow(
    'a cannot be "many": A number is needed',
  );
  await expect(set({ field: "ENVIRONMENT#PORT", value: 70_000 })).rejects.toThrow(
    "PORT cannot be 70000: A whole number from 1 to 65535 is needed",
  );
  await expect(set({ field: "config.json#a", value: 2, before: 5 })).rejects.toMatchObject({ code: "file-changed" });
  await expect(set({ field: "config.json#c", value: 2 })).rejects.toThrow("no setting named");
  expect(paint.text("ENVIRONMENT")).toBe("PORT=1\n");
  // Another value of the same file may have changed meanwhile.
  writeFileSync(paint.at("config.json"), '{"a": 1, "b": "y"}');
  await set({ field: "config.json#a", value: 2, before: 1 });
  expect(paint.text("config.json")).toBe('{"a": 2, "b": "y"}');
});

test("secrets are kept apart and never come back: not in the form, the text, the history or a preset", async () => {
  const secret = "very-secret-value-1";
  using paint = app({
    ENVIRONMENT: `# mine\nOPENAI_API_KEY=in-the-open-123 # old\nPLAIN=1\n`,
    "config.yaml": "api_key: 'in-the-file-456'\nname: a\n# hf_abcdefghijklmnopqrstuvwx\n",
  });
  const everything = async (): Promise<string> =>
    JSON.stringify([
      await paint.configuration.form(APP),
      paint.configuration.history(APP),
      await paint.configuration.readText(APP, "ENVIRONMENT"),
      await paint.configuration.readText(APP, "config.yaml"),
      await paint.configuration.savePreset(APP, "mine"),
      readFileSync(join(paint.home, "library/configuration/paint.json"), "utf8"),
    ]);
  expect(await everything()).not.toMatch(/in-the-open|in-the-file|hf_abcdefghijklm/);
  await paint.configuration.set(APP, [
    { field: "ENVIRONMENT#OPENAI_API_KEY", value: secret },
    { field: "config.yaml#api_key", value: "it's new" },
    { field: "ENVIRONMENT#OTHER_TOKEN", value: "another-secret-9" },
  ]);
  expect(await everything()).not.toMatch(/very-secret|it's new|another-secret|in-the-open/);
  expect(paint.text("ENVIRONMENT")).toBe("# mine\nOPENAI_API_KEY= # old\nPLAIN=1\n");
  expect(paint.text("config.yaml")).toContain("api_key: 'it''s new'\n");
  const store = join(paint.home, "secrets/apps/paint.json");
  expect(statSync(store).mode & 0o777).toBe(0o600);
  expect(await paint.field("ENVIRONMENT#OPENAI_API_KEY")).toMatchObject({ value: null, isSet: true });
  const { files } = new EnvironmentFiles(paint.home, paint.at(""));
  expect(Object.assign({}, ...files)).toMatchObject({
    OPENAI_API_KEY: secret,
    OTHER_TOKEN: "another-secret-9",
    PLAIN: "1",
  });
  await paint.configuration.set(APP, [{ field: "ENVIRONMENT#OPENAI_API_KEY", value: null }]);
  expect(readFileSync(store, "utf8")).not.toContain(secret);
});

test("text is edited with marks for its secrets, refused when it has changed or is wrong, and can be taken back", async () => {
  const before = '{\n  "token": "abc-def-ghi-jkl",\n  "port": 1\n}\n';
  using paint = app({ "config.json": before });
  const { text, version } = await paint.configuration.readText(APP, "config.json");
  expect(text).toBe(before.replace("abc-def-ghi-jkl", "«secret token»"));
  const set = (next: string, of = version) => paint.configuration.setText(APP, "config.json", next, of);
  await expect(set(text.replace("1", "x"))).rejects.toThrow('line 3: "x" where a value belongs');
  await expect(set(text.replace("secret token", "secret nothing"))).rejects.toThrow(
    "«secret nothing» stands for no secret",
  );
  await set(text.replace('"port": 1', '"port": 2,\n  "more": "«secret token»"'));
  expect(paint.text("config.json")).toBe(before.replace('"port": 1', '"port": 2,\n  "more": "abc-def-ghi-jkl"'));
  await expect(set(text)).rejects.toMatchObject({ code: "file-changed" });
  expect(JSON.stringify(paint.configuration.history(APP))).not.toContain("abc-def");
  // What the person has put there under another name is no secret to us any more, so it is not taken back blindly.
  await paint.configuration.undo(APP);
  expect(paint.text("config.json")).toBe(before);
});

test("changes are taken back one by one, newest first, and not over what came later", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\nNAME=a\n" });
  const { configuration } = paint;
  await configuration.set(APP, [{ field: "ENVIRONMENT#PORT", value: 2 }]);
  await configuration.set(APP, [
    { field: "ENVIRONMENT#NAME", value: "b" },
    { field: "ENVIRONMENT#NEW", value: "c" },
  ]);
  const [latest, first] = configuration.history(APP);
  expect(latest).toMatchObject({ kind: "set", canUndo: true, undone: false });
  expect(latest?.changes).toEqual([
    { field: "ENVIRONMENT#NAME", key: "NAME", before: "a", after: "b" },
    { field: "ENVIRONMENT#NEW", key: "NEW", before: null, after: "c", isNew: true },
  ]);
  await configuration.undo(APP);
  expect(paint.text("ENVIRONMENT")).toBe("PORT=2\nNAME=a\n");
  await configuration.set(APP, [{ field: "ENVIRONMENT#PORT", value: 3 }]);
  await expect(configuration.undo(APP, first?.id ?? "")).rejects.toMatchObject({ code: "file-changed" });
  await configuration.undo(APP);
  await configuration.undo(APP);
  expect(paint.text("ENVIRONMENT")).toBe("PORT=1\nNAME=a\n");
  await expect(configuration.undo(APP)).rejects.toThrow("There is nothing to undo");
  expect(configuration.history(APP)).toHaveLength(6);
});

test("of a change with a secret in it, the rest is taken back; a secret that was new goes", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\nMY_KEY=in-the-open\n" });
  const { configuration } = paint;
  await configuration.set(APP, [{ field: "MY_KEY", value: "second" }]);
  await expect(configuration.undo(APP)).rejects.toThrow("There is nothing to undo");
  await configuration.set(APP, [
    { field: "MY_KEY", value: "third" },
    { field: "ENVIRONMENT#NEW_KEY", value: "fresh" },
    { field: "PORT", value: 2 },
  ]);
  const undone = await configuration.undo(APP);
  expect(undone.warnings).toEqual(["MY_KEY stays as it is: what a secret was before is not kept"]);
  expect(paint.text("ENVIRONMENT")).toBe("PORT=1\nMY_KEY=\n");
  expect(new EnvironmentFiles(paint.home, paint.at("")).files[1]).toEqual({ PORT: "1", MY_KEY: "third" });
});

test("a preset keeps how everything is, and says what it cannot do elsewhere", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\nNAME=a\nMY_TOKEN=\n", "config.json": '{"steps": 20}' });
  const { configuration } = paint;
  await configuration.savePreset(APP, "first");
  await configuration.set(APP, [
    { field: "ENVIRONMENT#PORT", value: 2 },
    { field: "config.json#steps", value: 5 },
  ]);
  const done = await configuration.applyPreset(APP, "first");
  expect(done.changed).toEqual(["PORT", "steps"]);
  expect(paint.text("config.json")).toBe('{"steps": 20}');
  const shared = await configuration.savePreset(APP, "theirs", {
    "config.json#steps": "many",
    "ENVIRONMENT#NAME": "b",
    "ENVIRONMENT#MY_TOKEN": "stolen",
    "gone.json#x": 1,
  });
  expect(Object.keys(shared.values)).not.toContain("ENVIRONMENT#MY_TOKEN");
  const theirs = await configuration.applyPreset(APP, "theirs");
  expect(theirs.changed).toEqual(["NAME"]);
  expect(theirs.warnings).toEqual([
    'steps stays as it is, it cannot be "many": A number is needed',
    "1 of its settings is not here",
  ]);
  configuration.removePreset(APP, "theirs");
  expect((await configuration.form(APP)).presets.map(({ name }) => name)).toEqual(["first"]);
});

test("flags: the script stays as it is, what is set is kept for its runs, and what is usual is not kept", async () => {
  const launcher = [{ commands: [{ line: "python app.py --port {{port}} --share --theme dark", folder: "app" }] }];
  const program =
    'import argparse\nparser.add_argument(\n  "--lowvram", action="store_true",\n  help="For cards with " "little memory")\nparser.add_argument("--steps", type=int, default=20, help="How many (default: %(default)s)")\nparser.add_argument("--mode", choices=["a", "b"])\n';
  using paint = app({ "app/app.py": program }, { launcher });
  const of = (flag: string): string => `flags start.js#python app\\.py.${flag}`;
  expect(await paint.field(of("--port"))).toMatchObject({ value: null, placeholder: "by the script" });
  expect(await paint.field(of("--share"))).toMatchObject({ value: true, default: true, changed: false });
  expect(await paint.field(of("--lowvram"))).toMatchObject({
    kind: "switch",
    value: false,
    help: "For cards with little memory",
  });
  expect(await paint.field(of("--steps"))).toMatchObject({ kind: "number", help: "How many (default: 20)" });
  expect((await paint.field(of("--mode"))).choices?.map(({ value }) => value)).toEqual(["a", "b"]);
  await paint.configuration.set(APP, [
    { field: of("--port"), value: 7_861 },
    { field: of("--share"), value: false },
    { field: of("--lowvram"), value: true },
  ]);
  const words = ["python", "app.py"];
  expect(paint.configuration.flagsOf(APP, "start.js")).toEqual([
    { script: "start.js", program: words, flag: "--port", value: "7861", alone: false },
    { script: "start.js", program: words, flag: "--share", value: null, alone: true },
    { script: "start.js", program: words, flag: "--lowvram", value: true, alone: true },
  ]);
  expect(await paint.field(of("--share"))).toMatchObject({ value: false, changed: true });
  for (let times = 0; times < 1; times++) await paint.configuration.undo(APP);
  expect(paint.configuration.flagsOf(APP, "start.js")).toEqual([]);
});

test("flags that a script has in one of its ways to start a program only are the script's to decide", async () => {
  const ways = ["python app.py --directml --port 1", "python app.py --port 2 --theme dark"];
  const launcher = [{ commands: ways.map((line) => ({ line, folder: null })) }];
  using paint = app({}, { launcher });
  const of = (flag: string): string => `flags start.js#python app\\.py.${flag}`;
  expect(await paint.field(of("--directml"))).toMatchObject({ kind: "switch", value: false, changed: false });
  expect(await paint.field(of("--port"))).toMatchObject({ value: null, placeholder: "by the script" });
  await paint.configuration.set(APP, [{ field: of("--directml"), value: true }]);
  expect(paint.configuration.flagsOf(APP, "start.js")).toMatchObject([{ flag: "--directml", value: true }]);
});

test("a port that is taken and a file that is not there are told, and written all the same", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\nMODEL_FILE=/none/a.gguf\n" });
  expect(await paint.configuration.check(APP, "ENVIRONMENT#PORT", 7_777)).toEqual({
    problem: null,
    warning: "Port 7777 is taken by other/start.js",
  });
  expect(await paint.configuration.check(APP, "PORT", 0)).toEqual({
    problem: "A whole number from 1 to 65535 is needed",
    warning: null,
  });
  const done = await paint.configuration.set(APP, [
    { field: "ENVIRONMENT#PORT", value: 7_777 },
    { field: "ENVIRONMENT#MODEL_FILE", value: "/none/b.gguf" },
  ]);
  expect(done.warnings).toEqual(["PORT: Port 7777 is taken by other/start.js", "MODEL_FILE: There is no such file"]);
});

test("runs that have read what was changed since are named", async () => {
  const runs = [{ id: RUN, script: "start.js", startedAt: "2026-01-01T00:00:00.500Z" }];
  using paint = app(
    { ENVIRONMENT: "PORT=1\n" },
    { runs, launcher: [{ path: "other.js", commands: [{ line: "python a.py --share", folder: "" }] }] },
  );
  await paint.configuration.set(APP, [{ field: "flags other.js#python a\\.py.--share", value: false }]);
  expect((await paint.configuration.form(APP)).outdated).toEqual([]);
  expect((await paint.configuration.set(APP, [{ field: "PORT", value: 2 }])).outdated).toEqual([RUN]);
});

test("hostile files: too large, binary, a link that leads out, broken; each is shown with its problem and left alone", async () => {
  using paint = app({
    "config.json": Buffer.alloc(10 * 1024 * 1024, 0x20),
    "config.yaml": Buffer.from([0x61, 0x3a, 0x00, 0xff, 0xfe]),
    "settings.json": '{"port": 1, "token": "abcd-efgh-ijkl",}x',
  });
  writeFileSync(join(paint.home, "outside.toml"), "port = 1\n");
  symlinkSync(join(paint.home, "outside.toml"), paint.at("config.toml"));
  writeFileSync(paint.at("real.json"), '{"a": 1}');
  symlinkSync("real.json", paint.at("my-config.json"));
  const { sections } = await paint.configuration.form(APP);
  const problems = Object.fromEntries(sections.map(({ id, problem }) => [id, problem?.message ?? null]));
  expect(problems).toEqual({
    ENVIRONMENT: null,
    "config.json": "config.json is larger than 256 KB",
    "config.toml": "config.toml is a link that leads out of the app's folder",
    "config.yaml": "config.yaml is not text",
    "my-config.json": null,
    "settings.json": 'settings.json cannot be read: line 1: "x" after the end',
  });
  await expect(paint.configuration.readText(APP, "config.toml")).rejects.toThrow("leads out");
  const broken = await paint.configuration.readText(APP, "settings.json");
  expect(broken.text).not.toContain("abcd-efgh");
  await paint.configuration.setText(APP, "settings.json", broken.text.replace("x", ""), broken.version);
  expect(paint.text("settings.json")).toBe('{"port": 1, "token": "abcd-efgh-ijkl",}');
  await paint.configuration.set(APP, [{ field: "my-config.json#a", value: 2 }]);
  expect(paint.text("real.json")).toBe('{"a": 2}');
  expect(readFileSync(join(paint.home, "outside.toml"), "utf8")).toBe("port = 1\n");
});

test("where nothing can be written the form is there, and nothing is half written", async () => {
  using paint = app({ ENVIRONMENT: "PORT=1\n", "config.json": '{"a": 1}' });
  mkdirSync(join(paint.home, "library"), { recursive: true });
  symlinkSync("/proc/self", join(paint.home, "library/configuration")); // can be read, and takes no file
  expect((await paint.configuration.form(APP)).sections).toHaveLength(2);
  await expect(
    paint.configuration.set(APP, [
      { field: "config.json#a", value: 2 },
      { field: "PORT", value: 2 },
    ]),
  ).rejects.toThrow();
  expect([paint.text("config.json"), paint.text("ENVIRONMENT")]).toEqual(['{"a": 1}', "PORT=1\n"]);
  expect(paint.changed).toEqual([]);
});

test("what the author committed is the default; without it, what was there first", async () => {
  using paint = app(
    { "config.yaml": "steps: 30\n", "config.json": '{"a": 1}' },
    { original: (file) => (file.endsWith(".yaml") ? "steps: 20\n" : null) },
  );
  expect(await paint.field("config.yaml#steps")).toMatchObject({ value: 30, default: 20, changed: true });
  expect(await paint.field("config.json#a")).not.toHaveProperty("default");
  await paint.configuration.set(APP, [{ field: "config.json#a", value: 2 }]);
  expect(await paint.field("config.json#a")).toMatchObject({ default: 1, changed: true });
});

test("another app of the same name gets nothing of the first, which has it again when it is back", async () => {
  using paint = app({ ENVIRONMENT: "NAME=a\nMY_KEY=\n" });
  await paint.configuration.set(APP, [{ field: "MY_KEY", value: "of-the-first" }]);
  await paint.configuration.savePreset(APP, "mine");
  const first = paint.owner.of;
  paint.owner.of = "https://example.test/another";
  expect(await paint.field("ENVIRONMENT#MY_KEY")).toMatchObject({ isSet: false });
  expect(new EnvironmentFiles(paint.home, paint.at("")).files[1]).toEqual({ NAME: "a" });
  expect((await paint.configuration.form(APP)).presets).toEqual([]);
  await paint.configuration.set(APP, [{ field: "MY_KEY", value: "of-the-other" }]);
  paint.owner.of = first;
  expect((await paint.configuration.form(APP)).presets).toHaveLength(1);
  expect(new EnvironmentFiles(paint.home, paint.at("")).files[1]).toEqual({ NAME: "a", MY_KEY: "of-the-first" });
});

test("a variable that was added can be taken back, whatever kind it turned out to be, and leaves nothing", async () => {
  using paint = app({ ENVIRONMENT: "PORT=7860\n" });
  const before = paint.text("ENVIRONMENT");
  for (const value of ["9000", "true", "./folder", "words"]) {
    await paint.configuration.set(APP, [{ field: "ENVIRONMENT#SHARE_ROOT", value }]);
    expect(paint.text("ENVIRONMENT")).toBe(`${before}SHARE_ROOT=${value}\n`);
    await paint.configuration.undo(APP);
    expect(paint.text("ENVIRONMENT")).toBe(before);
  }
});

test("of a home that is somebody else's, what can be read is shown, and what cannot is said", async () => {
  using paint = app({ ENVIRONMENT: "PORT=7860\nMY_KEY=\n" });
  await paint.configuration.set(APP, [{ field: "MY_KEY", value: "secret-of-mine" }]);
  chmodSync(paint.home, 0o755);
  for (const file of [join(paint.home, "ENVIRONMENT"), paint.at("ENVIRONMENT")]) chmodSync(file, 0o000);
  chmodSync(join(paint.home, "secrets"), 0o000);
  const variables = async () => (await withoutRights(() => paint.configuration.form(APP))).sections[0];
  expect(await variables()).toMatchObject({
    fields: [],
    problem: { message: "ENVIRONMENT cannot be read: its permissions do not let us" },
  });
  chmodSync(paint.at("ENVIRONMENT"), 0o644);
  const { fields, notes, problem } = (await variables())!;
  expect(problem).toBeNull();
  expect(fields.map(({ key, value }) => [key, value])).toContainEqual(["PORT", 7860]);
  expect(notes).toEqual([
    expect.stringMatching(/^Whether secrets are set cannot be told: .*permissions do not let us$/),
  ]);
  chmodSync(join(paint.home, "secrets"), 0o700);
});

test("a value that is none of the choices is warned of, and takes neither them nor the way back away", async () => {
  using paint = app({ ENVIRONMENT: "# one of: fp16, bf16, int8, q4\nDTYPE=fp16\n", "config.json": '{ "size": 1 }' });
  const applied = await paint.configuration.set(APP, [{ field: "ENVIRONMENT#DTYPE", value: "fp99" }]);
  expect(applied).toMatchObject({
    changed: ["DTYPE"],
    warnings: ["DTYPE: It is none of those that are known: fp16, bf16, int8, q4"],
  });
  const words = ["fp16", "bf16", "int8", "q4"];
  expect((await paint.field("ENVIRONMENT#DTYPE")).choices?.map(({ value }) => value)).toEqual(words);
  expect(paint.agreedAfter).toEqual([["ENVIRONMENT"]]);
});

test("a type of numbers that nobody lists stays a choice after a value that is none", async () => {
  using paint = app({ ENVIRONMENT: "PRECISION=fp16\n" });
  await paint.configuration.set(APP, [{ field: "ENVIRONMENT#PRECISION", value: "fp99" }]);
  expect(await paint.field("ENVIRONMENT#PRECISION")).toMatchObject({ kind: "choice", value: "fp99" });
});

test("what was set here goes elsewhere, secrets by name only, and what was set there stays", async () => {
  const files = { "config.json": '{"steps": 20, "size": 512, "word": "a"}' };
  using one = app(files);
  const settings = one.configuration;
  await settings.set(APP, [
    { field: "PINOKIO_SHARE_LOCAL", value: true },
    { field: "ENVIRONMENT#EXTRA", value: "mine" },
    { field: "ENVIRONMENT#MY_TOKEN", value: "very-secret-word" },
    { field: "ENVIRONMENT#NOTE", value: "hf_abcdefghijklmnopqrst" },
    { field: "config.json#steps", value: 30 },
    { field: "config.json#size", value: 768 },
    { field: "config.json#word", value: "b" },
  ]);
  await settings.set(APP, [{ field: "config.json#word", value: "a" }]);
  const set = await settings.setHere(APP);
  expect(set).toEqual({
    values: {
      "ENVIRONMENT#PINOKIO_SHARE_LOCAL": true,
      "ENVIRONMENT#EXTRA": "mine",
      "config.json#steps": 30,
      "config.json#size": 768,
    },
    secrets: expect.arrayContaining(["MY_TOKEN", "NOTE"]),
  });

  using other = app(files);
  expect(await other.configuration.setHere(APP)).toEqual({ values: {}, secrets: [] });
  await other.configuration.set(APP, [{ field: "config.json#size", value: 640 }]);
  const given = { ...set.values, "config.json#gone": 1, "config.json#word": 5 };
  expect(await other.configuration.wouldSet(APP, given)).toBe(3);
  const told = ["config.json#gone is no setting of it here", "word cannot be 5: Text is needed"];
  expect(await other.configuration.setAsElsewhere(APP, given)).toEqual(told);
  expect(JSON.parse(other.text("config.json"))).toEqual({ steps: 30, size: 640, word: "a" });
  expect(other.text("ENVIRONMENT")).toMatch(/^PINOKIO_SHARE_LOCAL=true$/m);
  expect(await other.configuration.wouldSet(APP, given)).toBe(0);
});

test("what was written into a file as text goes elsewhere too", async () => {
  using one = app({ "config.json": '{"steps": 20}' }, { original: () => '{"steps": 20}' });
  const { version } = await one.configuration.readText(APP, "config.json");
  await one.configuration.setText(APP, "config.json", '{"steps": 25, "more": "x"}', version);
  expect((await one.configuration.setHere(APP)).values).toEqual({ "config.json#steps": 25, "config.json#more": "x" });
});
