// Control characters but the line break, and those that change the direction of text.
const STEERING = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What apps say about themselves, so that it cannot steer what shows it: only line breaks are obeyed. */
export const printable = (text: string): string => text.replace(STEERING, (character) => escaped(character));

/** As `printable`, where a line break would start something that looks like ours. */
export const onOneLine = (text: string): string => printable(text).replace(/\n/g, escaped);

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
}
