/** Searching, filtering and looking at packages. */
export const DISCOVER_CSS = /* css */ `
.pk-discover { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; }
.pk-search {
  display: flex;
  align-items: center;
  gap: 8px;
  min-block-size: 32px;
  padding-inline: 8px 2px;
  border: 1px solid var(--pk-input-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
}
.pk-search:focus-within { outline: 2px solid var(--pk-focus); outline-offset: -1px; }
.pk-search > .pk-icon { color: var(--pk-soft); }
.pk-root .pk-search > input {
  flex: 1;
  min-inline-size: 0;
  min-block-size: 28px;
  padding: 0;
  border: none;
  outline: none;
  background: none;
  color: inherit;
  font: inherit;
  appearance: none;
  text-overflow: ellipsis;
}
.pk-search > input::-webkit-search-cancel-button { display: none; }

.pk-discover-bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 16px; }
.pk-chips { display: flex; flex-wrap: wrap; gap: 4px; }
.pk-chip {
  min-block-size: 24px;
  padding: 0 8px;
  border: 1px solid var(--pk-line);
  border-radius: 12px;
  background: none;
  color: inherit;
  font: inherit;
  white-space: nowrap;
  cursor: pointer;
}
.pk-chip:hover:not(:disabled) { background: var(--pk-hover); }
.pk-chip:disabled { color: var(--pk-soft); opacity: 0.6; cursor: default; }
.pk-chip[aria-pressed="true"] { border-color: transparent; background: var(--pk-action); color: var(--pk-on-colour); }
.pk-chip-count { margin-inline-start: 2px; color: var(--pk-soft); font-size: var(--pk-small); font-variant-numeric: tabular-nums; }
.pk-chip[aria-pressed="true"] > .pk-chip-count { color: inherit; }

.pk-filters-toggle { display: none; margin-inline-start: -8px; }
.pk-filters-row { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; margin: 0; padding: 0; border: none; min-inline-size: 0; }
.pk-switch { display: inline-flex; align-items: center; gap: 6px; min-block-size: 24px; white-space: nowrap; }
.pk-switch > input { flex: none; inline-size: 14px; block-size: 14px; margin: 0; accent-color: var(--pk-action); }
.pk-choice-field { display: inline-flex; align-items: center; gap: 6px; min-inline-size: 0; }
.pk-choice-field > label { color: var(--pk-soft); white-space: nowrap; }
.pk-choice-field > select {
  min-inline-size: 0;
  inline-size: 116px;
  min-block-size: 24px;
  padding: 0 4px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  color: inherit;
  font: inherit;
}

.pk-package { position: relative; }
.pk-package .pk-title-link { text-align: start; }
.pk-verdict { position: relative; display: flex; grid-column: 2; align-self: center; justify-self: start; max-inline-size: 100%; align-items: baseline; font-size: var(--pk-small); min-inline-size: 0; }
.pk-verdict > .pk-dot { position: relative; inset-block-start: -1px; }
.pk-verdict-text { min-inline-size: 0; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.pk-package { gap: 4px 12px; grid-template-columns: 36px minmax(0, 1fr) auto; }
.pk-package > .pk-app-main { grid-column: 2 / -1; }
.pk-package > .pk-app-actions { grid-column: 2 / -1; }
.pk-package > .pk-verdict + .pk-app-actions { grid-column: 3; justify-content: flex-end; align-self: center; }
.pk-root .pk-cards .pk-package > .pk-verdict + .pk-app-actions:has(> :is(.pk-job, .pk-card, .pk-token, .pk-half)) { grid-column: 2 / -1; grid-row: auto; justify-content: flex-start; }
/* Of forty things to do, one is the next: that of the card somebody is at. */
.pk-cards > li:not(.pk-pasted) > .pk-package-new:not(:hover, :focus-within, [data-open]) > .pk-app-actions > .pk-button-primary {
  border-color: var(--pk-input-line);
  background: var(--pk-surface);
  color: var(--pk-ink);
}
.pk-dot-caution { background: var(--pk-warning); }
.pk-dot-open { background: none; box-shadow: inset 0 0 0 1.5px var(--pk-idle); }
.pk-dot-none { background: none; }
.pk-reasons {
  display: none;
  position: absolute;
  inset-block-start: calc(100% + 2px);
  inset-inline: -8px auto;
  z-index: 3;
  inline-size: max-content;
  max-inline-size: min(360px, 100cqi - 96px);
  flex-direction: column;
  gap: 4px;
  padding: 8px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  box-shadow: 0 2px 8px rgb(0 0 0 / 25%);
}
.pk-reasons > li { display: flex; align-items: baseline; }
.pk-verdict:is(:hover, :focus-visible) > .pk-reasons { display: flex; }
.pk-verdict[data-closed] > .pk-reasons { display: none; }
.pk-package-warning { display: flex; align-items: flex-start; gap: 6px; padding: 4px 8px; border-inline-start: 3px solid var(--pk-warning); background: var(--pk-raised); }
.pk-package-warning > .pk-icon { margin-block-start: 1px; color: var(--pk-warning); }
.pk-pasted { background: var(--pk-raised); }
.pk-root .pk-cards > .pk-pasted { padding: 12px; }

.pk-package-details { display: flex; flex-direction: column; gap: 8px; font-size: var(--pk-small); }
.pk-package-reasons > li { padding-inline-start: 12px; position: relative; }
.pk-package-reasons > li::before { content: "·"; position: absolute; inset-inline-start: 2px; }
.pk-words { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
.pk-words .pk-chip { min-block-size: 20px; }

.pk-discover-found, .pk-discover-list { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; }
/* What is not seen is not laid out; reasons that hang over the edge of a card are seen with it. */
.pk-discover-list > .pk-cards > li:not(:hover, :focus-within) { content-visibility: auto; contain-intrinsic-block-size: auto 104px; }
.pk-sheet {
  display: flex;
  flex-direction: column;
  gap: 8px;
  max-block-size: calc(100vh - 140px);
  padding: 12px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  overflow: auto;
  overscroll-behavior: contain;
}
.pk-in-cell .pk-sheet { max-block-size: 480px; }
.pk-sheet-head { display: flex; align-items: center; gap: 12px; }
.pk-sheet-head > h3 { flex: 1; min-inline-size: 0; font-weight: 600; }
.pk-sheet-head > .pk-button-icon { align-self: flex-start; margin: -4px -4px 0 0; }
.pk-sheet .pk-facts { grid-template-columns: minmax(72px, max-content) minmax(0, 1fr); }

.pk-more { display: flex; justify-content: center; padding-block: 8px; }
.pk-empty .pk-chip { margin: 2px; }

.pk-sources { display: flex; flex-direction: column; gap: 8px; padding-block-start: 8px; border-block-start: 1px solid var(--pk-line); }
.pk-sources > .pk-button { align-self: flex-start; margin-inline-start: -8px; color: var(--pk-soft); font-size: var(--pk-small); }
.pk-source-failed { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 4px 8px; padding: 6px 8px; border-inline-start: 3px solid var(--pk-warning); background: var(--pk-raised); }
.pk-source-failed > .pk-icon { margin-block-start: 1px; color: var(--pk-warning); }
.pk-source-failed > span { flex: 1 1 200px; min-inline-size: 0; }
.pk-source-failed > .pk-button { margin-block: -4px; }
.pk-source-list { max-inline-size: 760px; }
.pk-source { display: flex; align-items: flex-start; gap: 4px; }
.pk-root .pk-source { padding-block: 4px; }
.pk-source + .pk-source { border-block-start: 1px solid var(--pk-line); }
.pk-source-text { flex: 1; min-inline-size: 0; display: flex; flex-direction: column; }
.pk-source-problems { padding-inline-start: 12px; font-size: var(--pk-small); }

@container pk (max-width: 520px) {
  .pk-filters-toggle { display: block; }
  /* At the end of the line of what is below it. */
  .pk-discover-bar > .pk-choice-field { position: relative; z-index: 1; margin: 0 0 -38px auto; }
  .pk-filters:not([data-open]) > .pk-filters-row { display: none; }
  .pk-filters-row { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 4px 8px; }
  .pk-filters-row > .pk-choice-field { grid-column: 1 / -1; display: grid; grid-template-columns: 88px minmax(0, 1fr); }
  .pk-filters-row > .pk-choice-field > select { inline-size: 100%; }
}

@container pk (max-width: 279px) {
  .pk-discover-bar > .pk-choice-field > label { display: none; }
}

@container pk (min-width: 521px) {
  .pk-discover-found { margin-block-start: 8px; }
  .pk-package > .pk-app-main { grid-column: 2; }
  .pk-package > .pk-app-more { grid-column: 2 / -1; }
  .pk-package > :is(.pk-app-actions, .pk-verdict + .pk-app-actions) { grid-column: 3; grid-row: 1 / span 2; align-self: start; justify-content: flex-end; }
}

@container pk (min-width: 900px) {
  .pk-cards .pk-package > :is(.pk-app-main, .pk-app-actions) { grid-column: 2 / -1; grid-row: auto; }
  .pk-cards .pk-package > .pk-app-actions { justify-content: flex-start; }
  .pk-cards .pk-package > .pk-verdict + .pk-app-actions { grid-column: 3; grid-row: auto; align-self: center; }
  .pk-cards .pk-reasons { max-inline-size: 264px; }
  .pk-discover-found[data-beside] { display: grid; grid-template-columns: minmax(0, 1fr) 340px; align-items: start; gap: 0 16px; }
  .pk-discover-found > .pk-sheet { position: sticky; inset-block-start: 12px; }
  .pk-discover-found[data-beside] .pk-cards > li:has(> [data-open]) { border-color: var(--pk-accent); }
  .pk-cards:has(.pk-package-details) { align-items: start; }
  .pk-root .pk-cards:has(.pk-package-details) .pk-app-grid { block-size: auto; }
}
`;
