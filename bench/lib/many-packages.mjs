import { readEntries } from "../../src/runtime/catalog/read-entries.ts";

/** The built-in catalog, and beyond it packages like those under other names, the same ones each time. */
export async function manyPackages({ apps }, size) {
  const { packages: known } = await readEntries(apps, { source: "bench", prefix: "" });
  let state = 1;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const texts = known.map(({ name, summary, tags }) => `${name} ${summary} ${tags.join(" ")}`);
  const words = [...new Set(texts.flatMap((text) => text.toLowerCase().split(/[^a-z0-9]+/)))].filter(
    ({ length }) => length > 2,
  );
  const word = () => words[Math.floor(random() * words.length)];
  /** Names that nobody has used before, as a large catalog has them. */
  const newWord = () => word() + Math.floor(random() * 2_000).toString(36);
  const packages = Array.from({ length: size }, (_, at) => {
    const like = known[at % known.length];
    if (at < known.length) return like;
    return { ...like, id: `${like.id}-${at}`, name: `${newWord()} ${word()}`, summary: `${like.summary} ${newWord()}` };
  });
  return { packages, word };
}
