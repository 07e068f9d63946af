const PARTS = /[\p{L}\p{N}]+/gu;
const PIECES = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{L}+/gu;

/** What most texts hold and nobody looks for. */
const FILLERS = new Set(
  "a an and any app application are as at be by can do for from get have how i in into is it its like make me my of on or please run some something that the this to tool tools use using want with your".split(
    " ",
  ),
);

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "");

/** Words as they are compared: lower case, without accents. "ComfyUI 2.1" gives comfyui, 2 and 1. */
export const wordsOf = (text: string): string[] => [...plain(text).matchAll(PARTS)].map(([part]) => part.toLowerCase());

/** What words are put together from: "ComfyUI 2.1" gives comfy and ui. */
export const piecesOf = (text: string): string[] =>
  [...plain(text).matchAll(PARTS)].flatMap(([part]) => {
    const pieces = part.match(PIECES) ?? [];
    return pieces.length > 1 ? pieces.map((piece) => piece.toLowerCase()) : [];
  });

/** Neighbours written as one word, as people do: "Stable Diffusion" gives stablediffusion. */
export function joinedWordsOf(text: string): string[] {
  const words = wordsOf(text);
  const joined = words.slice(1).map((word, at) => `${words[at]}${word}`);
  return words.length > 2 ? [...joined, words.join("")] : joined;
}

/** The words of a query. They are not taken apart, since a person types them as they are meant. */
export function wantedWords(query: string): string[] {
  const words = [...new Set(wordsOf(query))];
  const telling = words.filter((word) => !FILLERS.has(word));
  return telling.length > 0 ? telling : words;
}
