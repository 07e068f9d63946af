import { expect, test } from "@jest/globals";
import { maskCutOff, maskSecrets, SecretMask } from "../../../src/runtime/base/mask-secrets.js";

const HF = `hf_${"aB3dE6gH9".repeat(4)}`;
const SK = `sk-proj-${"x1Y2z3".repeat(5)}`;
const stars = (count: number): string => "*".repeat(count);

test.each([
  ["a Hugging Face token", `token ${HF} ok`, `token hf_${stars(36)} ok`],
  ["an API key", `key=${SK}\n`, `key=sk-${stars(35)}\n`],
  ["credentials in an address", "https://me:pass@github.com/x.git", `https://${stars(7)}@github.com/x.git`],
  ["a token in an address", "https://oauth2token@host/x", `https://${stars(11)}@host/x`],
  ["a header", "Authorization: Bearer abcdefghijklmnop.qrs", `Authorization: Bearer ${stars(20)}`],
  ["one in quotes", `"${HF}"`, `"hf_${stars(36)}"`],
])("%s is hidden", (_, text, shown) => {
  expect(maskSecrets(text)).toBe(shown);
});

test.each([
  ["short words of the same beginning", "sk-learn hf_hub_download(x) task-sk-abc"],
  ["an ordinary address", "Running on http://127.0.0.1:7860/a?b=c@d"],
  ["a mail address", "write to me@example.org"],
  ["a word that only ends so", `ask-${"a1".repeat(20)}`],
])("%s is shown", (_, text) => {
  expect(maskSecrets(text)).toBe(text);
});

test("what an app was given is hidden wherever it stands", () => {
  const known = [Buffer.from("opensesame-ünï"), Buffer.from("short")];
  expect(maskSecrets("a opensesame-ünï b short", known)).toBe(`a ${stars(16)} b short`);
});

/** As a viewer gets it: pieces of any size, what is undecided given again. */
function shownInPieces(text: string, sizes: () => number, known: Buffer[] = []): string {
  const bytes = Buffer.from(text);
  const mask = new SecretMask(() => known);
  const shown: Buffer[] = [];
  let offset = 0;
  let most = 0;
  while (offset < bytes.length) {
    most = Math.min(bytes.length, Math.max(most, offset) + sizes());
    const piece = Buffer.from(bytes.subarray(offset, most));
    const count = mask.hide(piece, most === bytes.length);
    shown.push(piece.subarray(0, count));
    offset += count;
  }
  return Buffer.concat(shown).toString();
}

test("wherever the pieces end, the same is shown", () => {
  const known = [Buffer.from("opensesame")];
  const text = `a ${HF} b opensesame c https://u:p@h/ d ${SK} sk-learn opensea ghp_${"q".repeat(30)} http://127.0.0.1:80\n`;
  const whole = maskSecrets(text, known);
  expect(whole).not.toContain("sesame");
  for (let size = 1; size < text.length; size++) expect(shownInPieces(text, () => size, known)).toBe(whole);
  for (let cut = 1; cut < text.length; cut++) {
    let first = true;
    expect(shownInPieces(text, () => (first ? ((first = false), cut) : text.length), known)).toBe(whole);
  }
});

test("a token that pauses in the middle stays hidden when it goes on", () => {
  const mask = new SecretMask();
  const first = Buffer.from(`token ${HF.slice(0, 25)}`);
  expect(mask.hide(first, false)).toBe("token hf_".length);
  const again = Buffer.from(HF.slice(3, 25));
  expect(mask.hide(again, true)).toBe(22);
  expect(again.toString()).toBe(stars(22));
  const rest = Buffer.from(`${HF.slice(25)} and more`);
  expect(mask.hide(rest, true)).toBe(rest.length);
  expect(rest.toString()).toBe(`${stars(14)} and more`);
});

test("a token without end holds nothing up", () => {
  const mask = new SecretMask();
  const piece = Buffer.from(`hf_${"a".repeat(100_000)}`);
  expect(mask.hide(piece, false)).toBe(piece.length);
  const next = Buffer.from(`${"a".repeat(10)} x`);
  mask.hide(next, true);
  expect(next.toString()).toBe(`${stars(10)} x`);
});

test("beginnings of tokens without end take no longer than other output", () => {
  const steps = 4_000_000;
  const repeated = Buffer.from("hf_".repeat(80_000));
  let looked = 0;
  const counting = new Proxy(repeated, {
    get: (bytes, name) => {
      if (typeof name === "string" && /^\d+$/.test(name) && ++looked > steps) throw new Error("looked too often");
      const value: unknown = Reflect.get(bytes, name, bytes);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(bytes) : value;
    },
  });
  new SecretMask().hide(counting, true);
  expect(repeated.toString()).toBe(`hf_${stars(240_000 - 3)}`);
});

test("a known secret that overlaps itself is hidden to its end", () => {
  expect(maskSecrets("babababababx", [Buffer.from("abababab")])).toBe(`b${stars(10)}x`);
});

const LONG = "correct-horse-battery-staple";
const EARLIER_LENGTHS = [28, 10].map((length) => LONG.slice(0, length));

test.each(EARLIER_LENGTHS)("%s is hidden wherever the pieces end", (secret) => {
  const known = [Buffer.from(secret)];
  const text = `a ${secret} b ${secret}${secret} c\n`;
  const whole = maskSecrets(text, known);
  expect(whole).toBe(text.replaceAll(secret, stars(secret.length)));
  for (let size = 1; size < text.length; size++) expect(shownInPieces(text, () => size, known)).toBe(whole);
});

test.each(EARLIER_LENGTHS)("%s is hidden when what prints it pauses in the middle", (secret) => {
  for (let cut = 4; cut < secret.length; cut++) {
    const mask = new SecretMask(() => [Buffer.from(secret)]);
    const parts = [`a ${secret.slice(0, cut)}`, `${secret.slice(cut)} b`].map((part) => Buffer.from(part));
    for (const part of parts) mask.hide(part, true);
    expect(Buffer.concat(parts).toString()).toBe(`a ${stars(secret.length)} b`);
  }
});

test("a known secret is hidden however often it pauses", () => {
  const mask = new SecretMask(() => [Buffer.from(LONG)]);
  const parts = ["a correct-", "horse", "-battery", "-staple", " b"].map((part) => Buffer.from(part));
  for (const part of parts) mask.hide(part, true);
  expect(Buffer.concat(parts).toString()).toBe(`a ${stars(28)} b`);
});

test.each(EARLIER_LENGTHS)("what is left of %s behind a gap is hidden", (secret) => {
  for (let from = 1; from < secret.length - 4; from++) {
    const known = [Buffer.from(secret)];
    const rest = Buffer.from(`${secret.slice(from)} b ${secret}`);
    new SecretMask(() => known).begin(true).hide(rest, true);
    expect(rest.toString()).toBe(`${stars(secret.length - from)} b ${stars(secret.length)}`);
    const whole = Buffer.from(`${secret.slice(from)} b`);
    new SecretMask(() => known).hide(whole, true);
    expect(whole.toString()).toBe(`${secret.slice(from)} b`); // nothing was cut off there
  }
});

test("a whole text does not end with the beginning of a secret", () => {
  const known = [Buffer.from(LONG)];
  expect(maskSecrets("that is correct", known)).toBe("that is correct");
  expect(maskCutOff("that is correct-hor", known)).toBe(`that is ${stars(11)}`);
});

test("a password in an address may hold an @ and a #", () => {
  expect(maskSecrets("postgres://u:p4ss@w0rd#1@db:5432/x me@y.org")).toBe(`postgres://${stars(13)}@db:5432/x me@y.org`);
  expect(maskSecrets("x://u:a@b@host y://v:c@d@host2/")).toBe(`x://${stars(5)}@host y://${stars(5)}@host2/`);
});

test("a password in an address is hidden wherever the pieces end", () => {
  const text = "see postgres://u:p4ss@w0rd@db:5432/x and http://127.0.0.1:80/\n";
  const whole = maskSecrets(text);
  for (let size = 1; size < text.length; size++) expect(shownInPieces(text, () => size)).toBe(whole);
});

test("a password in an address that pauses in the middle is hidden from there on", () => {
  const mask = new SecretMask();
  const parts = ["postgres://user:p4s", "s@w0", "rd@db/x"].map((part) => Buffer.from(part));
  for (const part of parts) mask.hide(part, true);
  expect(Buffer.concat(parts).toString()).toBe("postgres://user:p4s*@w0**@db/x");
});

test("many addresses without end take no longer than other output", () => {
  const one = Buffer.from("://".repeat(80_000) + "a".repeat(100_000));
  let looked = 0;
  const counting = new Proxy(one, {
    get: (bytes, name) => {
      if (typeof name === "string" && /^\d+$/.test(name) && ++looked > 4_000_000) throw new Error("looked too often");
      const value: unknown = Reflect.get(bytes, name, bytes);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(bytes) : value;
    },
  });
  new SecretMask().hide(counting, true);
  expect(looked).toBeGreaterThan(0);
});

test("a secret that colours part is hidden, wherever the pieces end, and the colours stay", () => {
  const known = [Buffer.from(LONG)];
  const text = `a \x1b[01;31m\x1b[Kcorrect\x1b[m\x1b[K-horse-battery\x1b[1;32m-staple\x1b[0m b \x1b[31mcorr\x1b[0m c\n`;
  const whole = `a \x1b[01;31m\x1b[K*******\x1b[m\x1b[K**************\x1b[1;32m*******\x1b[0m b \x1b[31mcorr\x1b[0m c\n`;
  expect(maskSecrets(text, known)).toBe(whole);
  for (let size = 4; size < text.length; size++) expect(shownInPieces(text, () => size, known)).toBe(whole);
  const mask = new SecretMask(() => known);
  const cut = text.indexOf("battery");
  const parts = [text.slice(0, cut), text.slice(cut)].map((part) => Buffer.from(part));
  for (const part of parts) mask.hide(part, true);
  expect(Buffer.concat(parts).toString()).toBe(whole);
});
