import type { CheckedApp, CheckFinding, CheckMachine } from "../protocol/check.js";
import type { AppLoader, LoadedLauncher, MenuState } from "./app-loader.js";
import { declaredElsewhere } from "./declared.js";
import { isMadeLater, loadFinding } from "./findings.js";
import { isScriptPath, type Link, linksIn } from "./links.js";
import { needsOfForm, spaceIn, withoutRepeats } from "./needs.js";
import type { MethodTable } from "./params.js";
import { ScriptBook } from "./script-book.js";
import type { ScriptRecord } from "./script-record.js";
import { deadEnd, ScriptWalks } from "./script-walks.js";
import { textOf, UNKNOWN } from "./unknown.js";

export interface CheckOptions {
  machine: CheckMachine;
  loader: AppLoader;
  methods: MethodTable;
}

/** Loads everything of an app and goes through what its menu, install and start lead to, without doing any of it. */
export function checkApp(options: CheckOptions): Promise<CheckedApp> {
  return new AppCheck(options).run();
}

/** Menus are asked for as they are while each of so many scripts runs. */
const MOST_RUNNING = 12;
const INSTALL = ["install.js", "install.json"];
const START = ["start.js", "start.json"];

interface Menus {
  /** Different links of all menus. */
  all: Link[];
  /** Before anything is installed. */
  fresh: Link[];
  installed: Link[];
}

/** What a person starts once the app is installed: the menu's default, else what is called like it. */
function startOf(links: readonly Link[], install: string | null): string | null {
  const scripts = links.filter(({ path, isShown }) => path !== install && !isShown && isScriptPath(path));
  const found =
    scripts.find(({ isDefault }) => isDefault) ??
    scripts.find(({ path }) => /^(?:.*\/)?start\b/i.test(path)) ??
    scripts.find(({ path }) => /^(?:.*\/)?(?:run|launch)\b/i.test(path));
  return found?.path ?? null;
}

class AppCheck {
  readonly #loader: AppLoader;
  readonly #machine: CheckMachine;
  readonly #book: ScriptBook;
  readonly #walks: ScriptWalks;
  readonly #findings: CheckFinding[] = [];

  constructor(options: CheckOptions) {
    this.#loader = options.loader;
    this.#machine = options.machine;
    this.#book = new ScriptBook(options.loader);
    this.#walks = new ScriptWalks({ ...options, book: this.#book });
  }

  async run(): Promise<CheckedApp> {
    const launcher = await this.#loader.launcher();
    if (launcher.problem !== null) this.#findings.push(loadFinding(launcher.problem, this.#loader.folder, "error"));
    for (const path of this.#loader.scriptFiles()) await this.#book.open(path);
    const menus = await this.#menus();
    for (const { path, isShown } of menus.all) {
      if (!isShown && isScriptPath(path) && this.#loader.exists(path)) await this.#book.openScript(path);
    }
    this.#noteMissing(menus.all);
    await this.#walkAll(menus);
    return this.#report(launcher);
  }

  async #walkAll(menus: Menus): Promise<void> {
    const install = this.#book.firstOf(INSTALL) ?? menus.fresh.find(({ isDefault }) => isDefault)?.path ?? null;
    const start = startOf(menus.installed, install) ?? this.#book.firstOf(START);
    await this.#walkRole("install", install, menus.all);
    if (start !== install) await this.#walkRole("start", start, menus.all);
    for (const { path, params, isShown } of menus.all) {
      if (isShown || !this.#loader.exists(path)) continue;
      await this.#walks.walk(path, { args: params, isMain: false, isCertain: true, above: [] });
    }
    for (const record of [...this.#book.records.values()]) {
      if (record.reached || record.script === null) continue;
      await this.#walks.walk(record.path, { args: UNKNOWN, isMain: false, isCertain: false, above: [] });
      record.reached = false;
    }
  }

  async #walkRole(role: "install" | "start", path: string | null, links: readonly Link[]): Promise<void> {
    if (path === null || !isScriptPath(path) || !this.#loader.exists(path)) return;
    const record = await this.#book.openScript(path);
    record.role = role;
    const args = links.find((link) => link.path === path)?.params ?? {};
    const outcome = await this.#walks.walk(path, { args, isMain: true, isCertain: true, above: [] });
    if (outcome.works === false) record.add(deadEnd("error", path, this.#machine, outcome));
  }

  async #menus(): Promise<Menus> {
    const fresh = await this.#menu({ isInstalled: false, running: null });
    if (fresh === null) return { all: [], fresh: [], installed: [] };
    const installed = (await this.#menu({ isInstalled: true, running: null })) ?? [];
    const all = [...fresh, ...installed];
    for (const path of [...this.#book.records.keys()].slice(0, MOST_RUNNING)) {
      const links = (await this.#menu({ isInstalled: true, running: path })) ?? [];
      // What runs already is looked at, not started.
      all.push(...links.filter((link) => link.path !== path));
    }
    const different = new Map(all.map((link) => [`${link.path} ${textOf(link.params)}`, link]));
    return { all: [...different.values()], fresh, installed };
  }

  /** Null when it cannot be made. */
  async #menu(state: MenuState): Promise<Link[] | null> {
    try {
      return linksIn(await this.#loader.menu(state));
    } catch (error) {
      const finding = loadFinding(error, this.#loader.folder, "warning");
      if (!this.#findings.some((known) => textOf(known) === textOf(finding))) this.#findings.push(finding);
      return null;
    }
  }

  #noteMissing(links: readonly Link[]): void {
    const paths = links.filter(({ path, isShown }) => !isShown && /\.(?:js|json|html?|md)$/i.test(path));
    for (const path of new Set(paths.map((link) => link.path))) {
      if (this.#loader.exists(path) || this.#book.made.mayMake(path)) continue;
      const message = `The menu links to ${path}, which is not there`;
      this.#findings.push({ level: "warning", kind: "missing", message });
    }
  }

  #report({ title, description, value }: LoadedLauncher): CheckedApp {
    const records = [...this.#book.records.values()].filter(
      ({ script, problem }) => script !== null || problem !== null,
    );
    for (const record of records) this.#noteProblem(record);
    if (records.length === 0 && Object.keys(value).length === 0 && this.#findings.length === 0) {
      this.#findings.push({ level: "error", kind: "app", message: "It holds no launcher and no script" });
    }
    const needs = [...spaceIn(`${title} ${description}`), ...needsOfForm(value["env"] ?? value["pre"])];
    this.#findings.push(...declaredElsewhere(`${title} ${description}`, this.#machine), ...this.#loader.noticed);
    const different = new Map(this.#findings.map((finding) => [textOf(finding), finding]));
    return {
      title,
      description,
      needs: withoutRepeats(needs),
      scripts: records.map((record) => record.report()),
      findings: [...different.values()],
    };
  }

  /** A script that cannot be loaded; what reads a file that installing makes can be loaded then. */
  #noteProblem(record: ScriptRecord): void {
    const { problem, role } = record;
    if (problem === null) return;
    const isSerious = role === "install" || (role === "start" && !isMadeLater(problem));
    record.add(loadFinding(problem, this.#loader.folder, isSerious ? "error" : "warning"));
  }
}
