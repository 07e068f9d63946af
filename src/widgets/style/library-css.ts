/** My Library: rows, folders, and arranging them. */
export const LIBRARY_CSS = /* css */ `
.pk-empty > .pk-actions { justify-content: center; }
.pk-library { display: flex; flex-direction: column; gap: 12px; }
.pk-library-bar { display: flex; align-items: center; gap: 4px; min-block-size: 28px; }
.pk-library-count { flex: 1; min-inline-size: 0; }
.pk-find { position: relative; flex: 1; min-inline-size: 0; max-inline-size: 420px; margin-inline-end: auto; }
.pk-find > .pk-icon { position: absolute; inset-block-start: 6px; inset-inline-start: 6px; color: var(--pk-soft); pointer-events: none; }
.pk-find > input { inline-size: 100%; padding-inline: 26px 6px; }
.pk-find > input:placeholder-shown::-webkit-search-cancel-button { display: none; } /* It takes room when nothing is to be cleared, too. */
.pk-choice-box { max-inline-size: 150px; padding: 0 4px; }
.pk-library-bar > .pk-choice-box { border-color: transparent; color: var(--pk-soft); }
.pk-library-bar > .pk-choice-box:hover { color: var(--pk-ink); background: var(--pk-hover); }

.pk-library-layout { display: contents; }
@container pk (max-width: 520px) {
  .pk-library-layout { display: none; } /* The menu has it, too. */
}

.pk-star { color: var(--pk-soft); }
.pk-star[aria-pressed="true"] { color: var(--pk-kind-5); }
.pk-star[aria-pressed="true"] > .pk-icon { fill: currentColor; }

.pk-root .pk-shelf > li { position: relative; padding-block: 8px; }
.pk-root .pk-shelf > li:first-child { padding-block-start: 8px; }
.pk-row-title { display: flex; align-items: flex-start; gap: 2px; }
.pk-row-title:has(> .pk-app-script) { flex-wrap: wrap; gap: 0 6px; }
.pk-row-title > .pk-app-script { min-inline-size: 0; overflow-wrap: anywhere; }
.pk-row-title > .pk-star { inline-size: 20px; min-block-size: 20px; block-size: 20px; flex: none; }
.pk-row-title > .pk-star > .pk-icon { inline-size: 14px; block-size: 14px; }
.pk-row-title > .pk-star:not([aria-pressed="true"]):not(:focus-visible) { opacity: 0; }
.pk-row:is(:hover, :focus-within) .pk-row-title > .pk-star { opacity: 1; }
.pk-row-facts { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; font-size: var(--pk-small); }
.pk-grip[draggable="true"] { cursor: grab; }
.pk-grip > .pk-picture { pointer-events: none; }
.pk-root .pk-row:has(> .pk-select) { grid-template-columns: max-content minmax(0, 1fr); }
.pk-select { display: flex; align-items: center; gap: 8px; cursor: pointer; }
.pk-select > input { flex: none; inline-size: 18px; block-size: 18px; margin: 0; accent-color: var(--pk-action); }
.pk-select > .pk-picture { opacity: 0.6; }
.pk-select:has(:checked) > .pk-picture { opacity: 1; }

/* Tiles. One that says more than fits takes a row of its own and looks like one. */
.pk-root [data-layout="grid"] .pk-shelf { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); grid-auto-flow: dense; gap: 8px; padding: 0; }
.pk-root [data-layout="grid"] .pk-shelf > li { padding: 12px 8px 8px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); min-inline-size: 0; }
.pk-root [data-layout="grid"] .pk-folder > .pk-shelf { padding-block: 8px; }
.pk-root [data-layout="grid"] .pk-shelf > li:has(.pk-app-more > *) { grid-column: 1 / -1; padding-inline: 12px; }
.pk-root [data-layout="grid"] .pk-shelf > li:not(:has(.pk-app-more > *)) {
  & .pk-row { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr auto; gap: 8px; justify-items: center; block-size: 100%; }
  & .pk-row > * { grid-column: 1; grid-row: auto; }
  & .pk-picture { inline-size: 48px; block-size: 48px; font-size: 18px; }
  & .pk-app-main { align-items: center; inline-size: 100%; }
  & .pk-app-main > * { text-align: center; justify-content: center; }
  & .pk-title-link { text-align: center; }
  & .pk-star { position: absolute; inset-block-start: 4px; inset-inline-start: 4px; }
  & .pk-app-actions { justify-content: center; column-gap: 6px; }
  & .pk-app-actions > .pk-button-icon:last-child { position: absolute; inset-block-start: 2px; inset-inline-end: 2px; margin: 0; }
  & .pk-app-actions > .pk-button:not(.pk-button-icon) { padding-inline: 8px; }
}

.pk-folder-head { position: relative; display: flex; align-items: center; flex-wrap: wrap; border-block-end: 1px solid var(--pk-line); }
.pk-folder-title {
  flex: 1;
  display: flex;
  align-items: center;
  gap: 6px;
  min-inline-size: 0;
  min-block-size: 28px;
  padding: 0;
  border: none;
  background: none;
  color: inherit;
  font: inherit;
  font-weight: 600;
  text-align: start;
  cursor: pointer;
}
.pk-folder-title > .pk-number { font-weight: 400; }
.pk-folder-label { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pk-folder-name { flex: 1; min-inline-size: 0; padding: 0 6px; }
.pk-folder > .pk-shelf { padding-inline-start: 12px; }
.pk-folder-empty { padding: 8px 22px; }

.pk-library [data-drop] { position: relative; }
.pk-library [data-drop="before"]::before, .pk-library [data-drop="after"]::after {
  content: "";
  position: absolute;
  z-index: 1;
  inset-inline: 0;
  block-size: 2px;
  background: var(--pk-accent);
}
.pk-library [data-drop="before"]::before { inset-block-start: -1px; }
.pk-library [data-drop="after"]::after { inset-block-end: -1px; }
.pk-library[data-layout="grid"] li[data-drop="before"]::before, .pk-library[data-layout="grid"] li[data-drop="after"]::after { inset: 0 auto; inline-size: 2px; block-size: auto; }
.pk-library[data-layout="grid"] li[data-drop="before"]::before { inset-inline-start: -5px; }
.pk-library[data-layout="grid"] li[data-drop="after"]::after { inset-inline-end: -5px; }
.pk-library [data-drop="into"] { outline: 2px solid var(--pk-accent); outline-offset: -1px; }

.pk-notes { max-inline-size: 760px; display: flex; flex-direction: column; gap: 8px; }
.pk-tags { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
.pk-tags > .pk-tag { display: inline-flex; align-items: center; gap: 2px; padding-inline: 8px 2px; line-height: 20px; border-radius: 10px; }
.pk-tag-off { display: inline-flex; padding: 2px; border: none; background: none; color: var(--pk-soft); cursor: pointer; }
.pk-tag-off > .pk-icon { inline-size: 12px; block-size: 12px; }
.pk-tag-off:hover { color: var(--pk-ink); }
.pk-tag-input { inline-size: 96px; min-block-size: 24px; padding: 0 6px; }
.pk-notes-text { inline-size: 100%; }

.pk-row > .pk-app-actions:empty { display: none; }
.pk-batch-head { display: flex; align-items: center; gap: 4px; }
.pk-batch-head > p { flex: 1; min-inline-size: 0; }
.pk-batch > .pk-actions:empty { display: none; }
.pk-batch {
  position: sticky;
  z-index: 2;
  inset-block-start: 0;
  display: flex;
  flex-direction: column;
  gap: 4px;
  padding-block: 4px 8px;
  border-block-end: 1px solid var(--pk-line);
  background: var(--pk-surface);
}

.pk-popup {
  position: absolute;
  z-index: 20;
  display: flex;
  flex-direction: column;
  min-inline-size: 160px;
  max-inline-size: 280px;
  padding-block: 4px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  box-shadow: 0 2px 8px rgb(0 0 0 / 25%);
}
.pk-popup-entry { padding: 5px 12px; border: none; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; overflow-wrap: anywhere; }
.pk-popup-entry:hover, .pk-root .pk-popup-entry:focus-visible { background: var(--pk-hover); outline: none; }
.pk-popup-entry[aria-disabled] { color: var(--pk-soft); opacity: 0.6; cursor: default; }
.pk-root .pk-popup-begins { border-block-start: 1px solid var(--pk-line); margin-block-start: 4px; padding-block-start: 8px; }

.pk-import { display: flex; flex-direction: column; gap: 12px; }
.pk-root .pk-import-list > li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding-block: 6px; border-block-end: 1px solid var(--pk-line); }
.pk-import-cannot { color: var(--pk-bad); }
.pk-left-out { display: flex; flex-direction: column; gap: 4px; margin: 0; }
.pk-left-out dt { overflow-wrap: anywhere; }
.pk-left-out dd { margin: 0; overflow-wrap: anywhere; }
.pk-missing { display: flex; flex-direction: column; gap: 8px; }

@container pk (min-width: 521px) {
  .pk-root .pk-row { grid-template-columns: 36px minmax(0, 1fr) auto; }
  .pk-folder > .pk-shelf { padding-inline-start: 22px; }
  .pk-root [data-layout="grid"] .pk-shelf { grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); }
}
@media (hover: none) {
  .pk-row-title > .pk-star { opacity: 1 !important; }
}
`;
