/** Our names for JupyterLab's variables, with what they are where there is no JupyterLab. */
export const TOKENS_CSS = /* css */ `
.pk-root {
  --pk-size: var(--jp-ui-font-size1, 13px);
  --pk-small: var(--jp-ui-font-size0, 11px);
  --pk-large: var(--jp-ui-font-size2, 16px);
  --pk-font: var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  --pk-code-font: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace);
  --pk-radius: var(--jp-border-radius, 2px);

  --pk-ink: var(--jp-ui-font-color1, #212121);
  --pk-soft: var(--jp-ui-font-color2, #616161);
  --pk-surface: var(--jp-layout-color1, #ffffff);
  --pk-raised: var(--jp-layout-color2, #f1f3f4);
  --pk-hover: var(--jp-layout-color2, #f1f3f4);
  --pk-paper: var(--jp-cell-editor-background, #f8f9fa);
  --pk-line: var(--jp-border-color2, #dadce0);
  --pk-input-line: var(--jp-border-color1, #8f9499);
  --pk-accent: var(--jp-brand-color1, #1565c0);
  --pk-action: var(--jp-accept-color-normal, #1565c0);
  --pk-action-hover: var(--jp-accept-color-hover, #0d47a1);
  --pk-danger: #c62828;
  --pk-danger-hover: #a31515;
  --pk-on-colour: #ffffff;
  --pk-focus: var(--jp-focus-outline-color, var(--jp-brand-color1, #1565c0));
  --pk-good: var(--jp-success-color1, #2e7d32);
  --pk-busy: var(--jp-brand-color1, #1565c0);
  --pk-warning: var(--jp-warn-color1, #ef6c00);
  --pk-bad: var(--jp-error-color1, #c62828);
  --pk-idle: var(--jp-ui-font-color3, #9aa0a6);
  --pk-kind-0: #4e79a7;
  --pk-kind-1: #e08a2e;
  --pk-kind-2: #59a14f;
  --pk-kind-3: #a5739a;
  --pk-kind-4: #62a8a2;
  --pk-kind-5: #c9a932;
  --pk-kind-other: #6b7178;
  --pk-kind-free: var(--jp-layout-color3, #e3e5e8);
  color-scheme: light;
}

.pk-root[data-pk-theme="dark"] {
  --pk-ink: var(--jp-ui-font-color1, #e8eaed);
  --pk-soft: var(--jp-ui-font-color2, #b0b4b9);
  --pk-surface: var(--jp-layout-color1, #1f1f1f);
  --pk-raised: var(--jp-layout-color2, #2d2e30);
  --pk-hover: var(--jp-layout-color2, #2d2e30);
  --pk-paper: var(--jp-cell-editor-background, #161718);
  --pk-line: var(--jp-border-color2, #45484c);
  --pk-input-line: var(--jp-border-color1, #7d8288);
  --pk-accent: var(--jp-brand-color1, #64b5f6);
  --pk-action: var(--jp-accept-color-normal, #1976d2);
  --pk-action-hover: var(--jp-accept-color-hover, #1565c0);
  --pk-focus: var(--jp-focus-outline-color, #64b5f6);
  --pk-good: var(--jp-success-color1, #66bb6a);
  --pk-busy: #64b5f6;
  --pk-warning: var(--jp-warn-color1, #ffa726);
  --pk-bad: #ef5350;
  --pk-idle: var(--jp-ui-font-color3, #80868b);
  --pk-kind-other: #a3a8ae;
  --pk-kind-free: var(--jp-layout-color3, #3c4043);
  color-scheme: dark;
}
`;
