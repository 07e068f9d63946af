import { expect, test } from "@jest/globals";
import { maskSecrets, SecretMask } from "../../../src/runtime/base/mask-secrets.js";

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
