/** Files of an app. */
export const FILES_CSS = /* css */ `
.pk-page-files { min-inline-size: 0; }
.pk-page-files > .pk-button, .pk-app-files > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-root .pk-app-files { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; max-inline-size: 760px; margin-block-start: 4px; outline: none; }
.pk-app-files > .pk-find { flex: none; inline-size: 100%; }
.pk-folder-bar { display: flex; align-items: center; gap: 4px; min-block-size: 28px; }
.pk-folder-bar > .pk-choice-box { flex: none; border-color: transparent; color: var(--pk-soft); }
.pk-folder-bar > .pk-choice-box:hover { color: var(--pk-ink); background: var(--pk-hover); }
.pk-folder-bar > .pk-button-icon { flex: none; }
.pk-crumbs { flex: 1; display: flex; flex-wrap: wrap; min-inline-size: 0; overflow-wrap: anywhere; }
.pk-crumbs > *:not(:last-child)::after { content: "/"; padding-inline: 6px; color: var(--pk-soft); }
.pk-crumbs > [aria-current] { font-weight: 500; }
.pk-files-moved { position: sticky; inset-block-start: 0; z-index: 1; padding-block: 4px; background: var(--pk-surface); display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; overflow-wrap: anywhere; }
.pk-files-moved:empty { display: none; }
.pk-root .pk-file-rows { margin: 0; padding: 0; list-style: none; }
.pk-root .pk-file-row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(80px, max-content) 104px 28px; align-items: center; gap: 0 12px; margin: 0; padding: 0; border-block-end: 1px solid var(--pk-line); }
.pk-file-row:hover { background: var(--pk-hover); }
.pk-file-name { display: flex; align-items: center; gap: 8px; min-inline-size: 0; min-block-size: 30px; padding: 4px; border: none; background: none; color: inherit; font: inherit; text-align: start; overflow-wrap: anywhere; }
button.pk-file-name { cursor: pointer; }
.pk-file-name[aria-expanded="true"] { font-weight: 500; }
.pk-file-name > .pk-icon { flex: none; color: var(--pk-soft); }
.pk-file-size, .pk-file-at { font-size: var(--pk-small); white-space: nowrap; text-align: end; }
@media (hover: hover) {
  .pk-file-row > .pk-button-icon { opacity: 0; }
  .pk-file-row:is(:hover, :focus-within) > .pk-button-icon { opacity: 1; }
  .pk-file-row:is(:hover, :focus-within) > .pk-button-icon[aria-disabled] { opacity: 0.5; }
}
.pk-file-viewer { grid-column: 1 / -1; display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; padding: 4px 0 12px 28px; background: var(--pk-surface); }
.pk-file-viewer-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
.pk-file-viewer-head > .pk-button-icon { margin-inline-start: auto; }
.pk-file-picture { align-self: flex-start; max-inline-size: 100%; max-block-size: 480px; object-fit: contain; background: var(--pk-raised); }
.pk-file-sound { inline-size: 100%; max-inline-size: 420px; }
.pk-root .pk-file-text { max-block-size: 320px; margin: 0; padding: 8px; overflow: auto; overscroll-behavior: contain; background: var(--pk-raised); border-radius: var(--pk-radius); font: var(--pk-small)/1.45 var(--pk-code-font); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
@container pk (min-width: 760px) {
  .pk-page-parts > .pk-page-files { grid-column: 2; margin-block-start: 24px; }
}
@container pk (max-width: 480px) {
  .pk-root .pk-file-row { grid-template-columns: max-content minmax(0, 1fr) 28px; gap: 0; }
  .pk-file-row > .pk-file-name { grid-column: 1 / 3; }
  .pk-file-row > .pk-file-size, .pk-file-row > .pk-file-at { grid-row: 2; margin-block: -4px 4px; text-align: start; }
  .pk-file-row > .pk-file-size { grid-column: 1; padding-inline-start: 28px; }
  .pk-file-row > .pk-file-size:not(:empty)::after { content: "·"; padding-inline: 4px; }
  .pk-file-row > .pk-file-at { grid-column: 2; }
  .pk-file-row > .pk-button-icon { grid-column: 3; grid-row: 1; }
  .pk-file-viewer { padding-inline-start: 4px; }
}
`;
