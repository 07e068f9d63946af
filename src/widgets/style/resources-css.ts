/** Models, and what can be freed. */
export const RESOURCES_CSS = /* css */ `
.pk-root .pk-freeing { max-inline-size: 760px; outline: none; }
.pk-root :is(.pk-freeables, .pk-places, .pk-model-rows) { margin: 0; padding: 0; list-style: none; }
.pk-freeables > li { padding-block: 8px; border-block-end: 1px solid var(--pk-line); }
.pk-freeables > li:first-child { padding-block-start: 0; }
.pk-freeable { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; align-items: baseline; gap: 2px 8px; }
.pk-root .pk-freeable > input { margin: 3px 0 0; align-self: start; }
.pk-freeable > label { overflow-wrap: anywhere; }
.pk-freeable:has(> input:disabled) > label { color: var(--pk-soft); }
.pk-freeable-means { grid-column: 2 / -1; min-inline-size: 0; }
.pk-freeable-means summary { inline-size: fit-content; cursor: pointer; }
.pk-root .pk-places { color: var(--pk-soft); font-size: var(--pk-small); overflow-wrap: anywhere; }
.pk-models { display: flex; flex-direction: column; gap: 8px; margin-block-start: 16px; }
.pk-models > input { max-inline-size: 320px; }
.pk-copies { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 4px 8px; border-inline-start: 3px solid var(--pk-accent); }
.pk-copies > p { flex: 0 1 auto; }
.pk-copies > .pk-job, .pk-copies > .pk-card { flex-basis: 100%; }
.pk-families { display: flex; flex-direction: column; }
.pk-family { border-block-end: 1px solid var(--pk-line); }
.pk-family > summary { display: flex; align-items: center; gap: 4px; min-block-size: 32px; cursor: pointer; }
.pk-family > summary::marker, .pk-family > summary::-webkit-details-marker { content: none; display: none; }
.pk-family[open] > summary > .pk-icon { rotate: 90deg; }
.pk-family-name { font-weight: 500; margin-inline-end: 4px; }
.pk-family-size { margin-inline-start: auto; }
.pk-family > .pk-button { margin-inline-start: 12px; }
.pk-root .pk-model-rows { padding-inline-start: 20px; padding-block-end: 8px; }
.pk-model-rows > li { padding-block: 4px; }
.pk-model { min-inline-size: 0; }
.pk-model-head { display: flex; align-items: baseline; gap: 8px; }
.pk-model-name { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
.pk-models + .pk-environments { margin-block-start: 16px; }

@container pk (min-width: 900px) {
  .pk-model { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0 24px; align-items: baseline; }
  .pk-model-head { grid-column: 1 / -1; }
}
`;
