/** Settings of an app. */
export const CONFIG_CSS = /* css */ `
.pk-page-config { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; max-inline-size: 760px; }
.pk-page-config > .pk-heading { margin-block-end: 0; }
.pk-page-config > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-config-bar { display: flex; align-items: center; justify-content: space-between; gap: 4px 8px; }
.pk-config-form { display: flex; flex-direction: column; gap: 8px; }
.pk-page-config .pk-input { inline-size: 100%; min-inline-size: 0; }

.pk-config-section { border-block-start: 1px solid var(--pk-line); }
.pk-config-head {
  display: flex;
  align-items: baseline;
  gap: 8px;
  inline-size: 100%;
  min-block-size: 32px;
  padding: 6px 0;
  border: none;
  background: none;
  color: inherit;
  font: inherit;
  text-align: start;
  cursor: pointer;
}
.pk-config-head > .pk-icon { flex: none; align-self: center; }
.pk-config-head > .pk-soft { flex: none; font-size: var(--pk-small); font-variant-numeric: tabular-nums; }
.pk-config-title { flex: 1; min-inline-size: 0; font-weight: 600; overflow-wrap: anywhere; }
.pk-root .pk-config-title > .pk-config-file { margin-inline-start: 8px; color: var(--pk-soft); font-weight: 400; }
.pk-config-head:hover > .pk-config-title { text-decoration: underline; }
.pk-config-fields { display: flex; flex-direction: column; gap: 12px; padding-block: 4px 12px; }
.pk-config-fields > .pk-button { align-self: flex-start; margin-inline-start: -8px; }

.pk-config-field { display: flex; flex-direction: column; gap: 4px; padding-inline-start: 8px; border-inline-start: 2px solid transparent; min-inline-size: 0; }
.pk-config-changed { border-inline-start-color: var(--pk-accent); }
.pk-config-name { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; min-inline-size: 0; }
.pk-config-name > label { overflow-wrap: anywhere; }
.pk-config-key, .pk-config-file, .pk-config-step code, .pk-config-added code, .pk-config-title code { font-family: var(--pk-code-font); font-size: var(--pk-small); }
.pk-config-key { color: var(--pk-soft); max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pk-config-value { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; }
.pk-config-help { font-size: var(--pk-small); white-space: pre-line; overflow-wrap: anywhere; max-block-size: 96px; overflow: auto; }
.pk-config-marks { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; font-size: var(--pk-small); color: var(--pk-soft); }
.pk-config-marks > .pk-button { margin-block: -6px; font-size: var(--pk-small); }
.pk-config-marks > .pk-link { font-size: var(--pk-small); overflow-wrap: anywhere; text-align: start; }
.pk-config-number { display: flex; align-items: center; gap: 8px; }
.pk-root .pk-page-config .pk-config-number > .pk-input { inline-size: 136px; flex: none; }
.pk-config-number > input[type="range"] { flex: 1; min-inline-size: 0; max-inline-size: 240px; accent-color: var(--pk-action); }
.pk-config-switch { display: flex; align-items: center; gap: 8px; min-block-size: 28px; }
.pk-config-switch > input { flex: none; inline-size: 16px; block-size: 16px; margin: 0; accent-color: var(--pk-action); }
.pk-config-choice { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
.pk-root .pk-page-config .pk-config-choice > .pk-input { inline-size: auto; flex: 0 1 auto; max-inline-size: 100%; }
.pk-root .pk-page-config .pk-config-choice > input.pk-input { flex: 1 1 120px; }
.pk-config-choice > .pk-soft { font-size: var(--pk-small); }
.pk-config-path { display: flex; flex-direction: column; gap: 8px; }
.pk-config-path-line { display: flex; align-items: center; gap: 4px; }
.pk-config-look { display: flex; flex-direction: column; gap: 8px; padding: 8px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); min-inline-size: 0; }
.pk-config-look > .pk-button { align-self: flex-start; }
.pk-config-new { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.pk-root .pk-page-config .pk-config-new > .pk-input { flex: 1 1 120px; inline-size: auto; }
.pk-config-added { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; padding-inline-start: 8px; border-inline-start: 2px solid var(--pk-accent); overflow-wrap: anywhere; }

.pk-config-apply {
  position: sticky;
  inset-block-end: 0;
  z-index: 1;
  display: flex;
  flex-direction: column;
  gap: 8px;
  padding-block: 8px;
  border-block-start: 1px solid var(--pk-line);
  background: var(--pk-surface);
}
.pk-config-apply > .pk-actions > span { font-variant-numeric: tabular-nums; }

.pk-config-text { display: flex; flex-direction: column; gap: 8px; }
.pk-config-pick { display: flex; align-items: center; gap: 8px; }
.pk-root .pk-page-config .pk-config-editor { font-family: var(--pk-code-font); font-size: var(--pk-small); line-height: 1.5; white-space: pre; overflow: auto; }

.pk-root .pk-config-history > li { padding-block: 8px; }
.pk-config-history > li + li { border-block-start: 1px solid var(--pk-line); }
.pk-config-entry { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: baseline; gap: 0 12px; }
.pk-config-entry > :first-child { font-weight: 600; overflow-wrap: anywhere; }
.pk-config-entry > time { grid-row: 2; font-size: var(--pk-small); font-variant-numeric: tabular-nums; }
.pk-config-entry > .pk-button { margin-block: -4px; }
.pk-config-step { overflow-wrap: anywhere; }

.pk-config-presets { display: flex; flex-direction: column; gap: 8px; }
.pk-config-preset-list > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; min-block-size: 32px; }
.pk-config-preset-name { font-weight: 600; overflow-wrap: anywhere; }
.pk-config-preset-list > li > .pk-soft { flex: 1; font-size: var(--pk-small); }

@container pk (max-width: 420px) {
  .pk-config-title > .pk-config-file { display: none; }
}
@container pk (min-width: 560px) {
  .pk-config-field { display: grid; grid-template-columns: minmax(140px, 34%) minmax(0, 1fr); gap: 0 16px; align-items: baseline; }
  .pk-config-name { flex-direction: column; align-items: flex-start; }
}
@container pk (min-width: 760px) {
  .pk-page-parts > .pk-page-config { grid-column: 2; margin-block-start: 24px; }
}
`;
