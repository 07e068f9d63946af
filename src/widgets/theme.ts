import { colabKernel } from "./colab.js";

export type Theme = "light" | "dark";

/** Keeps `apply` told whether the page around us is light or dark, until the signal aborts. */
export function watchTheme(page: Document, signal: AbortSignal, apply: (theme: Theme) => void): void {
  const system = page.defaultView?.matchMedia?.("(prefers-color-scheme: dark)");
  const update = () => apply(currentTheme(page, system?.matches ?? false));
  const observer = new MutationObserver(update);
  const filter = {
    attributes: true,
    attributeFilter: ["theme", "class", "data-jp-theme-light", "data-vscode-theme-kind"],
  };
  observer.observe(page.documentElement, filter);
  if (page.body !== null) observer.observe(page.body, filter);
  system?.addEventListener("change", update, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
  update();
}

/** What the page says wins over what the system prefers. */
export function currentTheme(page: Document, systemIsDark: boolean): Theme {
  const jupyterLight = page.body?.getAttribute("data-jp-theme-light");
  if (jupyterLight !== null && jupyterLight !== undefined) return jupyterLight === "false" ? "dark" : "light";
  const vscode = page.body?.getAttribute("data-vscode-theme-kind");
  if (vscode !== null && vscode !== undefined) return /dark|high-contrast$/.test(vscode) ? "dark" : "light";
  const colab = page.documentElement.getAttribute("theme");
  if (colab !== null) return colab === "dark" ? "dark" : "light";
  // Colab marks only its dark theme.
  if (page.defaultView !== null && colabKernel(page.defaultView) !== null) return "light";
  return systemIsDark ? "dark" : "light";
}
