/** JupyterLab's status bar and its notifications have room for about as much. */
const LONGEST_NAME = 60;

export const shortName = (text: string): string =>
  text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1).trimEnd()}…`;

/** A sentence in which long names leave room for what it says. */
export const withShortNames = (sentence: string, names: readonly string[]): string =>
  names
    .filter((name) => name.length > LONGEST_NAME)
    .reduce((text, name) => text.replaceAll(name, () => shortName(name)), sentence);
