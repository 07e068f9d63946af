import { afterEach, expect, test } from "@jest/globals";
import { currentTheme, type Theme } from "../../src/widgets/theme.js";

const google = globalThis as { google?: unknown };

afterEach(() => {
  delete google.google;
  document.documentElement.removeAttribute("theme");
  for (const { name } of [...document.body.attributes]) document.body.removeAttribute(name);
});

const attribute = (name: string, value: string) => () => document.body.setAttribute(name, value);

test.each<[string, () => void, boolean, Theme]>([
  ["a plain page follows the system", () => undefined, true, "dark"],
  ["a plain page follows the system", () => undefined, false, "light"],
  ["JupyterLab's own theme wins", attribute("data-jp-theme-light", "true"), true, "light"],
  ["JupyterLab's own theme wins", attribute("data-jp-theme-light", "false"), false, "dark"],
  ["VS Code's wins", attribute("data-vscode-theme-kind", "vscode-dark"), false, "dark"],
  ["VS Code's high contrast is dark", attribute("data-vscode-theme-kind", "vscode-high-contrast"), false, "dark"],
  ["unless it is the light one", attribute("data-vscode-theme-kind", "vscode-high-contrast-light"), true, "light"],
  ["Colab's dark theme is marked", () => document.documentElement.setAttribute("theme", "dark"), false, "dark"],
  [
    "Colab's light theme may not be",
    () => (google.google = { colab: { kernel: { proxyPort: () => undefined } } }),
    true,
    "light",
  ],
])("%s", (_, prepare, systemIsDark, theme) => {
  prepare();
  expect(currentTheme(document, systemIsDark)).toBe(theme);
});
