/** What a run uses, takes to end and prints. */
export const RUN_CSS = /* css */ `
.pk-running { display: flex; flex-direction: column; gap: 12px; min-inline-size: 0; }
.pk-figures { display: grid; grid-template-columns: repeat(3, minmax(0, 120px)); gap: 4px 16px; }
.pk-figures-gpu { grid-template-columns: repeat(4, minmax(0, 120px)); }
.pk-app-main > .pk-figures { margin-block-start: 4px; }
.pk-figures-machine { grid-template-columns: repeat(4, minmax(0, 160px)); padding-block-end: 12px; border-block-end: 1px solid var(--pk-line); }
.pk-figure { display: flex; flex-direction: column; min-inline-size: 0; font-size: var(--pk-small); }
.pk-figure-label, .pk-figure-value { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.pk-figure-short { display: none; }
.pk-spark { display: block; inline-size: 100%; block-size: 16px; border-block-end: 1px solid var(--pk-line); }
.pk-spark path { fill: none; stroke: var(--pk-accent); stroke-width: 1.3; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.pk-spark-bar { block-size: 4px; margin-block: 8px 4px; border: none; border-radius: 2px; overflow: hidden; background: var(--pk-kind-free); }
.pk-ending { color: var(--pk-soft); font-variant-numeric: tabular-nums; }

.pk-page-about { min-inline-size: 0; }
.pk-page-usage { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; }
.pk-root .pk-page-usage > .pk-heading { margin-block-end: 0; }

.pk-task { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; margin-block-start: 4px; font-size: var(--pk-small); }
.pk-task-label { flex: 1 0 100%; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pk-task > .pk-bar { flex: 1 1 80px; }
.pk-bar-endless > .pk-bar-done { inline-size: 30%; }
@media (prefers-reduced-motion: no-preference) {
  .pk-bar-endless > .pk-bar-done { animation: pk-endless 1.6s ease-in-out infinite alternate; }
}
@keyframes pk-endless { from { margin-inline-start: 0; } to { margin-inline-start: 70%; } }

.pk-log-whole { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; }
.pk-log-whole > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-log-tools, .pk-type-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
.pk-log-tools > input, .pk-type-line > input { flex: 1 1 120px; min-inline-size: 0; }
.pk-log-tools > input { max-inline-size: 320px; }
.pk-type-line > input { font-family: var(--pk-code-font); }
.pk-type-line > input::placeholder { font-family: var(--pk-font); }
.pk-type { display: flex; flex-direction: column; gap: 4px; }
.pk-type-wanted { padding: 8px; border: 1px solid var(--pk-line); border-inline-start: 3px solid var(--pk-warning); border-radius: var(--pk-radius); }
.pk-type-wanted label { font-weight: 500; }
.pk-found { display: flex; flex-direction: column; gap: 4px; }
.pk-found > p { font-size: var(--pk-small); }
.pk-found-lines { max-block-size: 128px; overflow: auto; overscroll-behavior: contain; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); }
.pk-found-line {
  display: block;
  inline-size: 100%;
  padding: 2px 8px;
  border: none;
  background: none;
  color: inherit;
  font: calc(var(--pk-size) - 1px)/1.45 var(--pk-code-font);
  text-align: start;
  white-space: pre;
  overflow: hidden;
  text-overflow: ellipsis;
  cursor: pointer;
}
.pk-found-line:hover, .pk-found-line[aria-pressed="true"] { background: var(--pk-hover); }
.pk-found-line mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; }
::highlight(pk-found) { background-color: #ffd54f; color: #000000; }

@container pk (min-width: 760px) {
  .pk-page-parts > .pk-page-about { grid-column: 2; margin-block-start: 24px; }
  .pk-page-parts > .pk-page-usage { grid-column: 2; margin-block-start: 24px; }
}
@container pk (max-width: 520px) {
  .pk-figures { gap: 4px 12px; }
  .pk-figure-long { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .pk-figure-short { display: inline; }
  .pk-figures-gpu, .pk-figures-machine { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
`;
