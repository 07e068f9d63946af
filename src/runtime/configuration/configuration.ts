import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readSecrets, secretPaths } from "../base/secret-store.js";
import {
  type ConfigApplied,
  type ConfigChange,
  type ConfigEntry,
  type ConfigForm,
  type ConfigPreset,
  type ConfigValue,
  valueProblem,
} from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { commitAll } from "./commit-all.js";
import { type FieldChange, wantedOf } from "./fields.js";
import type { Prepared, Source } from "./finders/finder.js";
import { fieldsOf, findSettings, type FindWorld, type Found } from "./found.js";
import { sectionOf } from "./form.js";
import { canUndo, changesBack, recorded, undoneBy } from "./history.js";
import { fieldNamed, sourceNamed, textOf } from "./named.js";
import { outdatedRuns } from "./outdated.js";
import { settleOwner } from "./owner.js";
import { presetChanges, presetOf } from "./presets.js";
import { changesFrom, setHere, type SetHere } from "./set-here.js";
import { type ConfigState, ConfigStates, type Entry } from "./state.js";
import { targetOf } from "./target.js";
import { warningOf, type WarningWorld } from "./warnings.js";

export interface ConfigurationWorld extends FindWorld, WarningWorld {
  /** `<home>/library` */
  library: string;
  /** Where an app comes from; null where nobody knows, or nothing may be changed. */
  ownerOf(app: AppId): string | null;
  /** Runs of an app that are not over. */
  runs(app: AppId): readonly { id: RunId; script: string; startedAt: string }[];
  onChanged(app: AppId): void;
  /**
   * Called before files of an app are changed by a person; what it resolves with, after that. What a person has agreed to
   * stays agreed to; where it does not, that is told.
   */
  keepAgreed(app: AppId): Promise<(files: readonly string[]) => Promise<string | null>>;
  now(): Date;
}

/** The settings of installed apps. */
export class Configuration {
  readonly #world: ConfigurationWorld;
  readonly #states: ConfigStates;

  constructor(world: ConfigurationWorld) {
    this.#world = world;
    this.#states = new ConfigStates(world.library);
  }

  async form(app: AppId): Promise<ConfigForm> {
    const found = await this.#found(app);
    const state = this.#states.shown(app);
    return {
      app,
      sections: found.sources.map((source) => sectionOf(source, { ...found, firsts: state.firsts })),
      presets: state.presets.map(({ name, at, values }) => ({ name, at, count: Object.keys(values).length })),
      outdated: this.#outdated(app, state, found.sources),
      canUndo: state.history.some((entry) => entry.kind !== "undo" && canUndo(entry)),
    };
  }

  async check(app: AppId, id: string, value: ConfigValue): Promise<{ problem: string | null; warning: string | null }> {
    const fields = fieldsOf(await this.#found(app), this.#states.of(app));
    const { field } = fieldNamed(fields, id);
    const problem = valueProblem(field, value);
    return { problem, warning: problem === null ? await warningOf(field, value, app, this.#world) : null };
  }

  async set(app: AppId, changes: readonly ConfigChange[]): Promise<Omit<ConfigApplied, "restarted">> {
    return this.#change(app, changes, { kind: "set", of: null });
  }

  async readText(app: AppId, section: string): Promise<{ text: string; version: string }> {
    return textOf(sourceNamed((await this.#found(app)).sources, section)).read();
  }

  async setText(app: AppId, section: string, text: string, version: string): Promise<Omit<ConfigApplied, "restarted">> {
    const { sources } = await this.#found(app);
    const source = sourceNamed(sources, section);
    return this.#replaceText(app, sources, { source, text, version, kind: "text", of: source.title });
  }

  history(app: AppId): ConfigEntry[] {
    return [...this.#state(app).history].reverse().map(({ text: _, ...entry }) => ({
      ...entry,
      canUndo: canUndo({ ...entry, ...(_ === undefined ? {} : { text: _ }) }),
    }));
  }

  async undo(app: AppId, which?: string): Promise<Omit<ConfigApplied, "restarted">> {
    const found = await this.#found(app);
    const state = this.#states.of(app);
    const entry = undoneBy(state.history, which);
    const done = { kind: "undo", of: entry.of } as const;
    if (entry.text === undefined) {
      const { changes, warnings } = changesBack(entry);
      const undone = await this.#change(app, changes, done, entry.id);
      return { ...undone, warnings: [...warnings, ...undone.warnings] };
    }
    const source = sourceNamed(found.sources, entry.text.section);
    const { before, after } = entry.text;
    const now = textOf(source).read();
    if (now.text !== after) {
      throw new PinokioError("file-changed", `${source.title} has changed since, so that change cannot be taken back`, {
        hint: "Undo the later changes first, or change the text",
      });
    }
    return this.#replaceText(app, found.sources, { source, text: before, version: now.version, ...done }, entry.id);
  }

  presets(app: AppId): readonly ConfigPreset[] {
    return this.#state(app).presets;
  }

  preset(app: AppId, name: string): ConfigPreset {
    return presetOf(this.#state(app).presets, name);
  }

  async savePreset(app: AppId, name: string, given?: ConfigPreset["values"]): Promise<ConfigPreset> {
    const fields = fieldsOf(await this.#found(app), this.#states.of(app));
    const preset = { name, app, at: this.#world.now().toISOString(), values: presetChanges.kept(fields, given) };
    this.#states.change(app, ({ presets }) => ({
      presets: [...presets.filter((other) => other.name !== name), preset].slice(-MOST_PRESETS),
    }));
    this.#world.onChanged(app);
    return preset;
  }

  async applyPreset(app: AppId, name: string): Promise<Omit<ConfigApplied, "restarted">> {
    const { values } = this.preset(app, name);
    const { changes, warnings } = presetChanges.to(fieldsOf(await this.#found(app), this.#states.of(app)), values);
    if (changes.length === 0) {
      const found = await this.#found(app);
      return { changed: [], warnings, outdated: this.#outdated(app, this.#states.of(app), found.sources) };
    }
    const applied = await this.#change(app, changes, { kind: "preset", of: name });
    return { ...applied, warnings: [...warnings, ...applied.warnings] };
  }

  removePreset(app: AppId, name: string): void {
    presetOf(this.#state(app).presets, name);
    this.#states.change(app, ({ presets }) => ({ presets: presets.filter((other) => other.name !== name) }));
    this.#world.onChanged(app);
  }

  /** What a person has set of an app, for another machine. */
  async setHere(app: AppId): Promise<SetHere> {
    if (this.filesFor(app).length === 0) return { values: {}, secrets: [] };
    const fields = fieldsOf(await this.#found(app), this.#states.of(app));
    const own = Object.keys(readSecrets(secretPaths.of(this.#world.home, app)));
    return setHere(fields, this.#states.of(app), own);
  }

  /** How many settings `setAsElsewhere` would change. */
  async wouldSet(app: AppId, values: SetHere["values"]): Promise<number> {
    return (await this.#changesFrom(app, values)).changes.length;
  }

  /** Sets what was set on another machine, and not here; resolves with what cannot be, in sentences. */
  async setAsElsewhere(app: AppId, values: SetHere["values"]): Promise<string[]> {
    const { changes, left } = await this.#changesFrom(app, values);
    if (changes.length === 0) return left;
    const { warnings } = await this.set(app, changes);
    return [...left, ...warnings];
  }

  async #changesFrom(app: AppId, values: SetHere["values"]): Promise<ReturnType<typeof changesFrom>> {
    const found = await this.#found(app);
    const kept = this.#states.of(app);
    return changesFrom(values, fieldsOf(found, kept), { found, kept });
  }

  /** What a person wants of commands of an app's script, for its next run. */
  flagsOf(app: AppId, script: string): ConfigState["flags"] {
    try {
      return this.#states.of(app).flags.filter((one) => one.script === script);
    } catch {
      return []; // the form says why
    }
  }

  /** Names of secrets that an app asks for. */
  async secretsOf(app: AppId): Promise<{ name: string; isSet: boolean }[]> {
    const fields = fieldsOf(await this.#found(app), this.#states.shown(app));
    return fields
      .filter(({ field, source }) => field.kind === "secret" && source.kind === "variables")
      .map(({ field, path }) => ({ name: path[0] ?? "", isSet: field.isSet === true }));
  }

  async outdated(app: AppId): Promise<RunId[]> {
    return this.#outdated(app, this.#states.of(app), (await this.#found(app)).sources);
  }

  /** Before anything of an app is read or handed out: what is kept for its name may be another one's. */
  settle(app: AppId): void {
    const owner = this.#world.ownerOf(app);
    if (owner === null) return;
    const [mark, ...files] = this.#filesOf(app);
    settleOwner(mark, files, owner);
  }

  /** What is kept for an app outside of its folder. */
  filesFor(app: AppId): string[] {
    return this.#filesOf(app).filter((file) => existsSync(file));
  }

  #filesOf(app: AppId): [mark: string, secrets: string, state: string] {
    const secrets = secretPaths.of(this.#world.home, app);
    return [`${secrets.slice(0, -".json".length)}.owner`, secrets, this.#states.fileOf(app)];
  }

  #state(app: AppId): ConfigState {
    this.settle(app);
    return this.#states.of(app);
  }

  #found(app: AppId): Promise<Found> {
    this.settle(app);
    return findSettings(app, this.#world, this.#states);
  }

  async #change(
    app: AppId,
    changes: readonly FieldChange[],
    { kind, of }: Pick<Entry, "kind" | "of">,
    undoes?: string,
  ): Promise<Omit<ConfigApplied, "restarted">> {
    const found = await this.#found(app);
    const stayAgreed = await this.#world.keepAgreed(app);
    const warnings: string[] = [];
    for (const { field: id, value } of changes) {
      const known = fieldsOf(found, this.#states.of(app)).find(({ field }) => field.id === id);
      const warning = known === undefined ? null : await warningOf(known.field, value, app, this.#world);
      if (warning !== null) warnings.push(`${known?.field.key ?? id}: ${warning}`);
    }
    // From here to the end nothing waits: what is read is what is changed.
    const fields = fieldsOf(found, this.#states.of(app));
    const meant = changes.map((change) => ({ change, target: targetOf(fields, found, change) }));
    const really = meant.filter(
      ({ change, target }) => target.field.kind === "secret" || target.field.value !== change.value,
    );
    const prepared = found.sources.flatMap((source) => {
      const own = really.filter(({ target }) => target.source === source);
      return own.length === 0 ? [] : [source.prepare(own.map(({ target, change }) => wantedOf(target, change)))];
    });
    if (really.length > 0) {
      this.#commit(app, prepared, {
        entry: () => ({ kind, of, changes: really.map(({ change, target }) => recorded(target, change.value)) }),
        sections: [...new Set(really.map(({ target }) => target.source.id))],
        firsts: Object.fromEntries(
          really
            .filter(({ target }) => target.field.kind !== "secret")
            .map(({ target }) => [target.field.id, target.field.value]),
        ),
        ...(undoes === undefined ? {} : { undoes }),
      });
      warnings.push(...(await toldOf(stayAgreed(filesOf(really.map(({ target }) => target.source))))));
    }
    const outdated = this.#outdated(app, this.#states.of(app), found.sources);
    return { changed: really.map(({ target }) => target.field.key), warnings, outdated };
  }

  async #replaceText(
    app: AppId,
    sources: readonly Source[],
    { source, text, version, kind, of }: { source: Source; text: string; version: string } & Pick<Entry, "kind" | "of">,
    undoes?: string,
  ): Promise<Omit<ConfigApplied, "restarted">> {
    const side = textOf(source);
    const stayAgreed = await this.#world.keepAgreed(app);
    const before = side.read().text;
    const entry = () => ({ kind, of, changes: [], text: { section: source.id, before, after: side.read().text } });
    const more = { sections: [source.id], firsts: {}, ...(undoes === undefined ? {} : { undoes }) };
    this.#commit(app, [side.prepare(text, version)], { entry, ...more });
    const warnings = await toldOf(stayAgreed(filesOf([source])));
    return { changed: [source.title], warnings, outdated: this.#outdated(app, this.#states.of(app), sources) };
  }

  /** All of it is written, the record of it included, or nothing. */
  #commit(
    app: AppId,
    prepared: readonly Prepared[],
    {
      entry,
      sections,
      firsts,
      undoes,
    }: {
      entry(): Omit<Entry, "id" | "at" | "undone">;
      sections: readonly string[];
      firsts: ConfigState["firsts"];
      undoes?: string;
    },
  ): void {
    const at = this.#world.now().toISOString();
    const record = (state: ConfigState): Partial<ConfigState> => ({
      history: [
        ...state.history.map((one) => (one.id === undoes ? { ...one, undone: true } : one)),
        { ...entry(), id: randomUUID().slice(0, 8), at, undone: false },
      ],
      firsts: { ...firsts, ...state.firsts },
      changedAt: { ...state.changedAt, ...Object.fromEntries(sections.map((id) => [id, at])) },
    });
    commitAll([...prepared, { commit: () => this.#states.change(app, record), takeBack: () => undefined }]);
    this.settle(app); // what was written is this app's from now on
    this.#world.onChanged(app);
  }

  #outdated(app: AppId, { changedAt }: ConfigState, sources: readonly Source[]): RunId[] {
    return outdatedRuns(this.#world.runs(app), changedAt, sources);
  }
}

const MOST_PRESETS = 50;

const filesOf = (sources: readonly Source[]): string[] =>
  sources.flatMap(({ file, kind }) => (file === null || kind === "flags" ? [] : [file]));

const toldOf = async (told: Promise<string | null>): Promise<string[]> => {
  const sentence = await told;
  return sentence === null ? [] : [sentence];
};
