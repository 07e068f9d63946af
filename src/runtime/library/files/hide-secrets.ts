import { Buffer } from "node:buffer";
import { SecretMask } from "../../base/mask-secrets.js";
import { isSecretSetting } from "../../protocol/secret-names.js";

const STAR = 0x2a;
const LONGEST_VALUE = 4_096;

/** Files where a name and its value stand side by side. */
const SETTINGS = /^(?:ENVIRONMENT|LOCAL|\.env.*|.+\.(?:env|json|jsonc|ya?ml|toml|ini|cfg|conf|properties))$/i;

/** Files that are nothing but a secret. */
const KEYS =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.git-credentials|\.npmrc|\.pypirc|credentials|\.?(?:hf_)?token(?:\.txt)?|.*\.(?:pem|key|p12|pfx|keystore))$/i;

/** Whether a file is one of settings, whatever is in it. */
export const isSettingsFile = (name: string): boolean => SETTINGS.test(name);

export const isKeyFile = (name: string): boolean => KEYS.test(name);

/** How far around what is shown one has to look, so that a secret that begins or ends outside of it is found. */
export const AROUND_SECRETS = 2 * LONGEST_VALUE;

/** Puts a star in place of each byte of a secret, in place. Returns whether there was any. */
export function hideSecrets(text: Buffer, name: string, known: readonly Buffer[]): boolean {
  const before = Buffer.from(text);
  if (isSettingsFile(name)) hideNamed(text);
  hideKeys(text);
  new SecretMask(() => known).hide(text, true);
  return !before.equals(text);
}

/** One letter for each byte, so that places in the text are places in the file. */
const lettersOf = (text: Buffer): string => text.toString("latin1");

const NAME = /(?<![\w.-])(["']?)([A-Za-z_][\w.-]{0,99})\1[ \t]*[:=][ \t]*(?:\r?\n[ \t]*(?="))?/g;
const VALUE = /"(?:[^"\\\r\n]|\\.)*"?|'[^'\r\n]*'?|[^\r\n]*/y;

function hideNamed(text: Buffer): void {
  const letters = lettersOf(text);
  for (const { 0: written, 2: name = "", index } of letters.matchAll(NAME)) {
    if (!isSecretSetting([name])) continue;
    VALUE.lastIndex = index + written.length;
    const value = VALUE.exec(letters)?.[0] ?? "";
    const quote = /^["']/.exec(value)?.[0] ?? "";
    const from = index + written.length + quote.length;
    const isClosed = quote !== "" && value.length > 1 && value.endsWith(quote);
    text.fill(STAR, from, from + value.length - quote.length - (isClosed ? 1 : 0));
  }
}

const KEY_BLOCK = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----([^-]{0,8192})/g;

function hideKeys(text: Buffer): void {
  for (const { 0: block, 1: body = "", index } of lettersOf(text).matchAll(KEY_BLOCK)) {
    const from = index + block.length - body.length;
    text.fill(STAR, from, from + body.length);
  }
}
