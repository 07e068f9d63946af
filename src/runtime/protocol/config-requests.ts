import * as z from "zod";
import { ConfigApplied, ConfigChange, ConfigEntry, ConfigForm, ConfigPreset, ConfigValue } from "./config.js";
import { AppId, RunId } from "./ids.js";

const OfApp = z.strictObject({ app: AppId });
const PresetOf = OfApp.extend({ name: ConfigPreset.shape.name });
/** Starts what has become outdated again, once it is written. */
const restart = z.boolean().optional();
const nothing = z.object({});

/** What apps can be told: their settings, wherever those live. */
export const CONFIG_REQUESTS = {
  /** Every setting of an app that was found, with its rules. */
  "config.form": { params: OfApp, reply: ConfigForm },
  /** What is wrong with a value, and what a person should know about it, such as a port that is taken. */
  "config.check": {
    params: OfApp.extend({ field: z.string(), value: ConfigValue }),
    reply: z.object({ problem: z.string().nullable(), warning: z.string().nullable() }),
  },
  /** All of the changes, or none where one of them cannot be taken. */
  "config.set": {
    params: OfApp.extend({ changes: z.array(ConfigChange).min(1).max(1_000), restart }),
    reply: ConfigApplied,
  },
  /** Ends what reads the settings, where it reads others by now, and starts it as it was asked for. */
  "config.restart": { params: OfApp, reply: z.object({ restarted: z.array(RunId) }) },
  /** A section as text, with a mark in place of each secret. */
  "config.text": {
    params: OfApp.extend({ section: z.string() }),
    reply: z.object({ text: z.string(), version: z.string() }),
  },
  /** Refused with `file-changed` when the text is not that version any more. Marks stand for the secrets they are for. */
  "config.setText": {
    params: OfApp.extend({ section: z.string(), text: z.string().max(300_000), version: z.string(), restart }),
    reply: ConfigApplied,
  },
  /** The latest change first. */
  "config.history": { params: OfApp, reply: z.array(ConfigEntry) },
  /** Takes a change back; without an entry the latest that can be. */
  "config.undo": { params: OfApp.extend({ entry: z.string().optional(), restart }), reply: ConfigApplied },
  "config.preset": { params: PresetOf, reply: ConfigPreset },
  /** Keeps the values as they are now, or those that are given. */
  "config.savePreset": {
    params: PresetOf.extend({ values: ConfigPreset.shape.values.optional() }),
    reply: ConfigPreset,
  },
  "config.applyPreset": { params: PresetOf.extend({ restart }), reply: ConfigApplied },
  "config.removePreset": { params: PresetOf, reply: nothing },
  /** Names of secrets that installed apps ask for, and whether each is there; never a value. */
  "config.secrets": {
    params: nothing,
    reply: z.array(
      z.object({
        name: z.string(),
        apps: z.array(AppId),
        /** Those of them that have one. */
        setFor: z.array(AppId).default([]),
        /** Whether it is there for all of them. */
        isSet: z.boolean(),
      }),
    ),
  },
  /** Secrets for every app that asks for them by name; null takes one away, which has to be there. */
  "config.setSecrets": {
    params: z.strictObject({
      values: z.record(z.string().regex(/^[A-Za-z_]\w{0,99}$/), z.string().min(1).max(4_096).nullable()),
    }),
    reply: z.object({ names: z.array(z.string()) }),
  },
} as const;
