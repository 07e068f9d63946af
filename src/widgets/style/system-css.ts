/** What folds, the parts of System, and the first steps. */
export const SYSTEM_CSS = /* css */ `
.pk-system { display: flex; flex-direction: column; min-inline-size: 0; }
.pk-system > .pk-card { margin-block-end: 8px; }
.pk-system > .pk-stop { padding-block: 16px 4px; border-block-start: 1px solid var(--pk-line); }

.pk-fold { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 1fr); align-items: center; border-block-start: 1px solid var(--pk-line); }
.pk-fold:first-child { border-block-start: none; }
.pk-fold-head { min-inline-size: 0; }
.pk-fold-head > button {
  display: flex;
  align-items: center;
  gap: 8px;
  min-block-size: 36px;
  padding: 4px 8px 4px 0;
  border: none;
  background: none;
  color: inherit;
  font: inherit;
  font-weight: 600;
  text-align: start;
  cursor: pointer;
}
.pk-fold-head > button:hover { text-decoration: underline; }
.pk-fold-summary { justify-self: end; font-size: var(--pk-small); font-variant-numeric: tabular-nums; text-align: end; }
.pk-fold-body { grid-column: 1 / -1; display: flex; flex-direction: column; gap: 8px; padding: 0 0 16px 24px; min-inline-size: 0; max-inline-size: 760px; }
.pk-fold-body[hidden] { display: none; }
.pk-fold-body > .pk-button { align-self: flex-start; }
.pk-fold-body > .pk-button-quiet { margin-inline-start: -8px; }
.pk-fold-body > .pk-heading { margin-block: 8px 0; }

.pk-root .pk-rules { display: flex; flex-direction: column; gap: 12px; }
.pk-root .pk-rules :is(dt, dd) { float: none; inline-size: auto; font-weight: inherit; }
.pk-rules dt { color: var(--pk-soft); }
.pk-root .pk-rules dd { max-inline-size: 68ch; }
.pk-root .pk-rules dd + dd { margin-block-start: 4px; }

.pk-settings-group { display: flex; flex-direction: column; gap: 4px; }
.pk-settings-group + .pk-settings-group { margin-block-start: 8px; padding-block-start: 8px; border-block-start: 1px solid var(--pk-line); }
.pk-settings-group > .pk-heading { margin-block-end: 4px; }
.pk-root .pk-settings .pk-config-key { display: none; }

.pk-root .pk-secret-rows > li, .pk-root .pk-address-rows > li { padding-block: 6px; }
.pk-secret-rows > li { display: flex; flex-direction: column; gap: 8px; }
.pk-secret-line, .pk-address-rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 12px; }
.pk-secret-name, .pk-address { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; min-inline-size: 0; flex: 1 1 160px; }
.pk-secret-name > code { font-family: var(--pk-code-font); font-size: calc(var(--pk-size) - 1px); overflow-wrap: anywhere; }
.pk-secret-name > .pk-soft { font-size: var(--pk-small); }
.pk-secret-line > .pk-actions { margin-inline-start: -8px; }
.pk-secret-new { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.pk-secret-new > .pk-input { inline-size: min(320px, 100%); }

.pk-policy { border-inline-start-color: var(--pk-warning); max-inline-size: 76ch; }
.pk-policy > .pk-icon { color: var(--pk-warning); }
.pk-policy .pk-actions { margin-inline-start: 0; }

.pk-first { display: flex; flex-direction: column; gap: 12px; inline-size: 100%; max-inline-size: 760px; margin-inline: auto; }
.pk-root .pk-first-title { flex: 1; font-size: var(--pk-large); font-weight: 600; }
.pk-first-step { display: flex; gap: 12px; padding-block: 12px; }
.pk-first-step + .pk-first-step { border-block-start: 1px solid var(--pk-line); }
.pk-first-number {
  display: flex;
  align-items: center;
  justify-content: center;
  flex: none;
  inline-size: 24px;
  block-size: 24px;
  border: 1px solid var(--pk-input-line);
  border-radius: 50%;
  color: var(--pk-soft);
  font-size: var(--pk-small);
  font-weight: 600;
}
.pk-first-body { flex: 1; min-inline-size: 0; display: flex; flex-direction: column; gap: 4px; }
.pk-root .pk-first-body > .pk-heading { margin-block: 2px 0; }
.pk-first-place { font-family: var(--pk-code-font); font-size: calc(var(--pk-size) - 1px); }
.pk-first-sample { display: flex; flex-direction: column; gap: 12px; margin-block-start: 4px; }
.pk-first-track { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: var(--pk-small); color: var(--pk-soft); }
.pk-first-track > li { display: flex; align-items: center; gap: 4px; padding-block-end: 2px; border-block-end: 2px solid transparent; }
.pk-first-track > li[aria-current] { color: var(--pk-ink); font-weight: 600; border-block-end-color: var(--pk-accent); }
.pk-first-track .pk-icon { inline-size: 12px; block-size: 12px; color: var(--pk-good); }
.pk-root .pk-first-sample > .pk-cards > li { padding: 8px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); }
.pk-root .pk-first-hint { padding-inline-start: 8px; border-inline-start: 3px solid var(--pk-accent); }
/* What is next, pointed at where it is. */
.pk-root .pk-first-sample:is([data-next="install"], [data-next="start"], [data-next="open"]) .pk-cards > li > .pk-package > .pk-app-actions > .pk-button-primary:first-child {
  border-color: transparent;
  background: var(--pk-action);
  color: var(--pk-on-colour);
  outline: 2px solid var(--pk-action);
  outline-offset: 2px;
}

@container pk (max-width: 520px) {
  .pk-fold-body { padding-inline-start: 0; }
  .pk-first-step { gap: 8px; }
  .pk-first-number { inline-size: 20px; block-size: 20px; }
}
`;
