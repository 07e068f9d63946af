import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";

/** What a script's `pre` or `env` says has to be known before it runs. */
const Item = z.looseObject({
  key: z.string().nullish(),
  env: z.string().nullish(),
  title: z.unknown().optional(),
  description: z.unknown().optional(),
  placeholder: z.unknown().optional(),
  default: z.unknown().optional(),
  /** The website that the value belongs to: another app that asks for the same one gets it from there. */
  host: z.string().nullish(),
  index: z.number().int().min(0).nullish(),
});

export interface RequiredValuesWorld {
  home: string;
  /** Variables as the script would see them. */
  env(): Readonly<Record<string, string | undefined>>;
  ask(params: unknown): Promise<unknown>;
  /** Into the app's ENVIRONMENT. */
  set(values: Record<string, string>): void;
}

const Keys = z.record(z.string(), z.unknown());

/** Asks for what is missing, and keeps the answers in the app's ENVIRONMENT, so that nobody is asked again. */
export async function fillRequiredValues(written: unknown, world: RequiredValuesWorld): Promise<void> {
  const items = z.array(Item).safeParse(written);
  if (!items.success) return; // `env` of a script may also be something else
  const wanted = items.data.flatMap((item) => {
    const name = item.key ?? item.env;
    return name === null || name === undefined || name === "" ? [] : [{ ...item, name, host: hostOf(item.host) }];
  });
  const env = world.env();
  if (wanted.every(({ name }) => Boolean(env[name]))) return;

  const file = join(world.home, "key.json");
  const state = readState(file, Keys);
  const keys = state.kind === "read" ? state.value : {};
  /** What is there already is not sent to who answers: an empty answer takes it. */
  const secretFor = (name: string, host: string | null, index: number | null | undefined): string =>
    env[name] || String(kept(keys, host, index) ?? "");
  const answer = await world.ask({
    title: "This script needs to know",
    form: wanted.map(({ name, title, description, placeholder, default: usual, host, index }) => ({
      key: name,
      title: title ?? name,
      ...(description === undefined ? {} : { description }),
      ...(SECRET.test(name)
        ? secretField(secretFor(name, host, index), placeholder)
        : { default: env[name] || usual || kept(keys, host, index) || "", placeholder, required: true }),
    })),
  });
  const given = z.record(z.string(), z.unknown()).safeParse(answer);
  const values = new Map(
    wanted.flatMap(({ name, host, index }) => {
      const answered = given.success ? given.data[name] : undefined;
      const value = SECRET.test(name) && answered === "" ? secretFor(name, host, index) : answered;
      const isText = ["string", "number", "boolean"].includes(typeof value) && value !== "";
      return isText ? [[name, String(value)] as const] : [];
    }),
  );
  world.set(Object.fromEntries(values));
  const withHost = wanted.filter(({ host, name }) => host !== null && values.has(name));
  if (withHost.length === 0) return;
  for (const { host, index, name } of withHost) keep(keys, host ?? "", index ?? 0, values.get(name) ?? "");
  writeJsonAtomic(file, keys, 0o600); // secrets
}

const SECRET = /TOKEN|SECRET|PASSWORD|PASSWD|KEY/i;

function hostOf(written: string | null | undefined): string | null {
  if (!written) return null;
  return URL.canParse(written) ? new URL(written).host : written;
}

function secretField(secret: string, placeholder: unknown): Record<string, unknown> {
  const isKept = secret !== "";
  return {
    type: "password",
    default: "",
    placeholder: isKept ? "Kept here; leave it empty to use that" : placeholder,
    required: !isKept,
  };
}

function kept(keys: Record<string, unknown>, host: string | null, index: number | null | undefined): unknown {
  const known = host === null ? undefined : keys[host];
  return Array.isArray(known) ? (known as unknown[])[index ?? 0] : undefined;
}

function keep(keys: Record<string, unknown>, host: string, index: number, value: string): void {
  const known = keys[host];
  const list: unknown[] = Array.isArray(known) ? known : [];
  list[index] = value;
  keys[host] = Array.from(list, (element) => element ?? null);
}
