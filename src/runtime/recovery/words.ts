export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** A piece of output in a sentence: never longer than one reads. */
export const short = (text: string, most = 160): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
};

/** For a sentence that begins with words; addresses and names stay as they are. */
export const capital = (text: string): string =>
  text.startsWith("the ") || text.startsWith("what ") ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;

export const hostOf = (url: string): string => /^[a-z]+:\/\/(?:[^/@\s]*@)?([^/:\s'"]+)/i.exec(url)?.[1] ?? url;
