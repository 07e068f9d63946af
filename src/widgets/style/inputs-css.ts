/** What a person types into or chooses from. Each place adds only its size. */
export const INPUTS_CSS = /* css */ `
.pk-root :where(input:not([type="checkbox"], [type="radio"], [type="range"]), select, textarea:not(.xterm-helper-textarea)) {
  box-sizing: border-box;
  min-block-size: 28px;
  padding: 0 8px;
  border: 1px solid var(--pk-input-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  color: inherit;
  font: inherit;
}
.pk-root textarea:where(:not(.xterm-helper-textarea)) { padding-block: 4px; resize: vertical; }
.pk-root :where(input, select, textarea)[aria-invalid="true"] { border-color: var(--pk-bad); }
.pk-root :where(input, textarea)::placeholder { color: var(--pk-soft); opacity: 1; }
`;
