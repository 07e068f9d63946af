/** An app's page, the steps of a run, and what scripts ask and tell. */
export const PAGE_CSS = /* css */ `
.pk-title-link { padding: 0; border: none; background: none; color: inherit; font: inherit; text-align: start; overflow-wrap: anywhere; cursor: pointer; }
.pk-title-link:hover { text-decoration: underline; }
.pk-row-title > .pk-title-link, .pk-package .pk-title-link, .pk-page-title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.pk-waiting { align-self: flex-start; color: var(--pk-ink); font-weight: 500; }
.pk-waiting > .pk-icon, .pk-ask-from > .pk-icon { color: var(--pk-warning); }
.pk-late { display: flex; align-items: flex-start; gap: 8px; padding-inline-start: 8px; border-inline-start: 3px solid var(--pk-warning); }
.pk-late > span { flex: 1; min-inline-size: 0; }
.pk-loading { display: flex; align-items: baseline; min-inline-size: 0; }

.pk-page-ways { display: flex; justify-content: space-between; gap: 8px; margin: -4px -6px; }
.pk-in-cell > .pk-root:has(> .pk-cell-page) { max-block-size: none; margin-block-start: 8px; }
.pk-cell-page { padding: 8px 12px; }
.pk-cell-page > .pk-actions { margin-block: 0 8px; }
.pk-cell-page a { text-decoration: none; }
.pk-cell-frame { block-size: 640px; border: 1px solid var(--pk-line); inline-size: 100%; background: #fff; }
.pk-trust { display: flex; flex-direction: column; gap: 12px; max-inline-size: 64ch; }
.pk-page-title { font-size: var(--pk-large); font-weight: 600; }
.pk-page-parts { display: flex; flex-direction: column; gap: 16px; }
.pk-page-menu > .pk-menu { margin-inline-start: -6px; }
.pk-page-run { min-inline-size: 0; }

.pk-run-choice { display: flex; flex-direction: column; margin-block-end: 8px; }
.pk-run-line {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0 12px;
  inline-size: 100%;
  min-block-size: 28px;
  padding: 4px 8px;
  border: none;
  border-inline-start: 2px solid transparent;
  background: none;
  color: inherit;
  font: inherit;
  text-align: start;
  cursor: pointer;
}
.pk-run-line:hover { background: var(--pk-hover); }
.pk-run-line[aria-pressed="true"] { border-inline-start-color: var(--pk-accent); background: var(--pk-raised); }
.pk-run-script { overflow-wrap: anywhere; }
.pk-run-details { display: flex; flex-direction: column; gap: 8px; }
.pk-choices { display: flex; gap: 16px; border-block-end: 1px solid var(--pk-line); }
.pk-choice { padding: 4px 0; border: none; border-block-end: 2px solid transparent; margin-block-end: -1px; background: none; color: var(--pk-soft); font: inherit; cursor: pointer; }
.pk-choice:hover { color: var(--pk-ink); }
.pk-choice[aria-pressed="true"] { color: var(--pk-ink); border-block-end-color: var(--pk-accent); }

.pk-steps > .pk-button { margin-inline-start: -8px; }
.pk-step {
  display: grid;
  grid-template-columns: 16px minmax(0, 1fr) auto 28px;
  gap: 0 8px;
  align-items: start;
}
.pk-root .pk-step { padding-block: 4px; }
.pk-step + .pk-step { border-block-start: 1px solid var(--pk-line); }
.pk-step > .pk-icon { margin-block-start: 2px; color: var(--pk-idle); }
.pk-step > .pk-button-icon { margin-block: -4px; }
.pk-step-running > .pk-icon { color: var(--pk-busy); }
.pk-step-done > .pk-icon { color: var(--pk-good); }
.pk-step-failed > .pk-icon { color: var(--pk-bad); }
.pk-step-skipped .pk-step-method { color: var(--pk-soft); }
.pk-step-method { font-family: var(--pk-code-font); font-size: calc(var(--pk-size) - 1px); }
.pk-step-what {
  font-size: var(--pk-small);
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  overflow: hidden;
}
.pk-root .pk-step-why { border-inline-start: 3px solid var(--pk-bad); padding-inline-start: 8px; margin-block-start: 4px; }
.pk-step-skip, .pk-step-usual { font-size: var(--pk-small); }
.pk-step-more { grid-column: 2 / -1; min-inline-size: 0; }
.pk-step-more > .pk-log { margin-block-start: 4px; }
.pk-step-more .pk-log-scroll { block-size: 140px; }
.pk-root .pk-step-ahead { padding-inline-start: 24px; padding-block-start: 4px; }

.pk-ask {
  display: flex;
  flex-direction: column;
  gap: 8px;
  padding: 12px;
  border: 1px solid var(--pk-line);
  border-inline-start: 3px solid var(--pk-warning);
  border-radius: var(--pk-radius);
  max-inline-size: 560px;
}
.pk-ask-shown { border-inline-start-color: var(--pk-busy); }
.pk-ask-from { display: flex; align-items: center; gap: 6px; color: var(--pk-soft); font-size: var(--pk-small); }
.pk-ask-form { display: flex; flex-direction: column; gap: 12px; min-inline-size: 0; }
.pk-root .pk-ask-title { font-weight: 600; }
.pk-ask-description { white-space: pre-line; }
.pk-ask-field { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; }
.pk-ask-field > .pk-ask-description { font-size: var(--pk-small); }
.pk-root .pk-ask-note { color: var(--pk-bad); }
.pk-ask-field :is(input, select, textarea) { inline-size: 100%; }
.pk-ask-field input[type="checkbox"] { inline-size: 16px; min-block-size: 16px; block-size: 16px; padding: 0; margin: 2px 0 0; accent-color: var(--pk-action); }
.pk-ask-field input[type="range"] { padding: 0; border: none; accent-color: var(--pk-action); }
.pk-ask-field input[type="color"] { inline-size: 56px; padding: 2px; }
.pk-ask-field input[type="file"] { padding: 4px 0; border: none; background: none; }
.pk-ask-field input::file-selector-button {
  min-block-size: 28px;
  margin-inline: 0 8px;
  padding: 0 12px;
  border: 1px solid var(--pk-input-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  color: inherit;
  font: inherit;
  cursor: pointer;
}
.pk-ask-field input::file-selector-button:hover { background: var(--pk-hover); }
.pk-ask-checkbox { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 4px 8px; }
.pk-ask-checkbox > label { grid-column: 2; grid-row: 1; }
.pk-ask-checkbox > input { grid-column: 1; grid-row: 1; }
.pk-ask-checkbox > p { grid-column: 2; }
.pk-ask-status { display: flex; align-items: baseline; color: var(--pk-soft); }
.pk-html { min-block-size: 48px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); resize: vertical; overflow: hidden; background: var(--pk-surface); }
.pk-html > iframe { display: block; inline-size: 100%; block-size: 100%; border: none; background: none; }
.pk-ask .pk-menu { margin-inline-start: -6px; }

.pk-places { display: flex; flex-wrap: wrap; gap: 0 4px; margin-inline-start: -8px; }
.pk-path-line { display: flex; align-items: center; gap: 4px; margin-block: -4px; }
.pk-path-line > .pk-path { min-inline-size: 0; }
.pk-files { max-block-size: 220px; overflow: auto; overscroll-behavior: contain; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); }
.pk-file {
  display: flex;
  align-items: center;
  gap: 8px;
  inline-size: 100%;
  min-block-size: 28px;
  padding: 4px 8px;
  border: none;
  background: none;
  color: inherit;
  font: inherit;
  text-align: start;
  cursor: pointer;
}
.pk-file > .pk-icon { color: var(--pk-soft); }
.pk-file:hover { background: var(--pk-hover); }
.pk-file[aria-pressed="true"] { background: var(--pk-action); color: var(--pk-on-colour); }
.pk-file[aria-pressed="true"] > .pk-icon { color: inherit; }
.pk-files-empty { padding: 8px 0; }
.pk-path-foot { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-block-start: -4px; }
.pk-path-foot > label { display: flex; align-items: center; gap: 6px; }
.pk-path-foot input { margin: 0; accent-color: var(--pk-action); }

.pk-toasts {
  position: absolute;
  inset-inline: 8px;
  inset-block-end: 8px;
  z-index: 2;
  display: flex;
  flex-direction: column;
  align-items: flex-end;
  gap: 8px;
  pointer-events: none;
}
.pk-toasts > li { inline-size: min(360px, 100%); pointer-events: auto; }
.pk-toast {
  display: flex;
  flex-wrap: wrap;
  align-items: flex-start;
  gap: 4px 8px;
  padding: 8px;
  border: 1px solid var(--pk-line);
  border-inline-start: 3px solid var(--pk-busy);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  box-shadow: 0 2px 8px rgb(0 0 0 / 25%);
}
.pk-toast > .pk-icon { margin-block-start: 1px; color: var(--pk-busy); }
.pk-toast > .pk-button { margin-block: -4px; }
.pk-toast > .pk-button:not(.pk-button-icon) { order: 1; margin: 4px 0 0 24px; }
.pk-toast-success { border-inline-start-color: var(--pk-good); }
.pk-toast-success > .pk-icon { color: var(--pk-good); }
.pk-toast-warning { border-inline-start-color: var(--pk-warning); }
.pk-toast-warning > .pk-icon { color: var(--pk-warning); }
.pk-toast-error { border-inline-start-color: var(--pk-bad); }
.pk-toast-error > .pk-icon { color: var(--pk-bad); }
.pk-toast-text { flex: 1 1 calc(100% - 80px); min-inline-size: 0; display: flex; flex-direction: column; white-space: pre-line; max-block-size: 120px; overflow: auto; }
.pk-toast-from { font-weight: 600; }

.pk-root .pk-notices > li { padding-block: 8px; }
.pk-notices > li + li { border-block-start: 1px solid var(--pk-line); }
.pk-notice-row { display: flex; align-items: flex-start; gap: 8px; }
.pk-notice-row > .pk-icon { margin-block-start: 2px; color: var(--pk-busy); }
.pk-notice-row-warning > .pk-icon { color: var(--pk-warning); }
.pk-notice-row-error > .pk-icon { color: var(--pk-bad); }
.pk-notice-row > .pk-button { margin-block: -4px; }

@container pk (min-width: 760px) {
  .pk-page-parts { display: grid; grid-template-columns: 220px minmax(0, 1fr); gap: 0 24px; }
}
`;
