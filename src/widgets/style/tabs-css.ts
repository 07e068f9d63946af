export const TABS_CSS = /* css */ `
.pk-app-grid {
  display: grid;
  grid-template-columns: 36px minmax(0, 1fr);
  gap: 8px 12px;
  align-items: start;
}
.pk-app-main { display: flex; flex-direction: column; gap: 2px; min-inline-size: 0; }
.pk-app-title { font-weight: 600; }
.pk-app-script { font-weight: 400; }
.pk-app-summary {
  color: var(--pk-soft);
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  overflow: hidden;
}
.pk-app-actions { grid-column: 2; }
.pk-app-actions > .pk-card { order: 1; flex-basis: 100%; margin-block-start: 4px; } /* Below the buttons, which stay where they are. */
.pk-app-actions > .pk-button-quiet:first-child { margin-inline-start: -8px; }
.pk-app-more { grid-column: 1 / -1; display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; }
.pk-app-more:empty { display: none; }
.pk-app-details { display: flex; flex-direction: column; gap: 8px; align-items: stretch; }
.pk-app-details > .pk-button { align-self: flex-start; }

.pk-rows, .pk-cards { display: flex; flex-direction: column; }
.pk-rows > li, .pk-cards > li { padding-block: 12px; border-block-end: 1px solid var(--pk-line); }
.pk-rows > li:first-child, .pk-cards > li:first-child { padding-block-start: 0; }
.pk-rows > li:last-child, .pk-cards > li:last-child { border-block-end: none; }

.pk-root .pk-rows > .pk-rows-heading { padding-block: 16px 0; border: none; }
.pk-root .pk-rows > .pk-rows-heading:first-child { padding-block-start: 0; }
.pk-rows-heading > .pk-heading { margin: 0; }
.pk-rows > li:has(+ .pk-rows-heading) { border-block-end: none; }

.pk-form { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 8px; }

.pk-consent { display: flex; flex-direction: column; min-block-size: 100%; }
.pk-consent-body { flex: 1; display: flex; flex-direction: column; gap: 12px; padding: 8px 12px 16px; max-inline-size: 760px; }
.pk-consent-body > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-consent-body h2 { font-size: var(--pk-large); font-weight: 600; }
.pk-consent-body h3 { font-weight: 600; }
.pk-lead { padding: 8px 12px; border-inline-start: 3px solid var(--pk-warning); background: var(--pk-raised); }
.pk-consent-foot {
  position: sticky;
  inset-block-end: 0;
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  padding: 8px 12px;
  border-block-start: 1px solid var(--pk-line);
  background: var(--pk-surface);
}
.pk-needs { display: flex; flex-direction: column; gap: 8px; }
.pk-needs > li { border-inline-start: 3px solid var(--pk-line); padding-inline-start: 8px; min-inline-size: 0; overflow-wrap: anywhere; }
.pk-needs summary { cursor: pointer; padding-block: 4px; }
.pk-scripts { display: flex; flex-direction: column; gap: 12px; }
.pk-script-name { font-weight: 500; margin-block-end: 4px; }
.pk-commands { border: 1px solid var(--pk-line); border-radius: var(--pk-radius); background: var(--pk-raised); }
.pk-commands > li { padding: 4px 8px; }
.pk-commands > li + li { border-block-start: 1px solid var(--pk-line); }
.pk-commands code { font: calc(var(--pk-size) - 1px)/1.45 var(--pk-code-font); white-space: pre-wrap; background: none; color: inherit; padding: 0; border: none; }

.pk-above-actions { margin-block-end: 8px; }
.pk-root .pk-report {
  padding: 8px;
  margin-block-start: 8px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-raised);
  font: calc(var(--pk-size) - 1px)/1.45 var(--pk-code-font);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  user-select: text;
}

@container pk (min-width: 521px) {
  .pk-app-grid { grid-template-columns: 36px minmax(0, 1fr) auto; }
  .pk-app-actions { grid-column: 3; grid-row: 1; justify-content: flex-end; }
  .pk-app-actions:has(> .pk-card) { inline-size: 320px; }
  .pk-view { padding-inline: 16px; }
  .pk-title { padding-inline: 16px; }
}

@container pk (min-width: 900px) {
  .pk-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 12px; }
  .pk-cards > li, .pk-cards > li:first-child, .pk-cards > li:last-child {
    padding: 12px;
    border: 1px solid var(--pk-line);
    border-radius: var(--pk-radius);
  }
  .pk-cards .pk-app-grid { block-size: 100%; grid-template-rows: 1fr auto; }
  .pk-form { max-inline-size: 560px; }
  .pk-kinds { max-inline-size: 560px; }
  .pk-facts { max-inline-size: 760px; }
  .pk-report { max-inline-size: 760px; }
}
`;
