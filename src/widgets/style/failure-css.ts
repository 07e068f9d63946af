export const FAILURE_CSS = /* css */ `
.pk-failure-line {
  inline-size: 100%;
  padding: 4px 8px;
  border: none;
  border-radius: var(--pk-radius);
  background: var(--pk-raised);
  color: var(--pk-ink);
  font: var(--pk-small) var(--pk-code-font);
  text-align: start;
  overflow-wrap: anywhere;
  cursor: pointer;
}
.pk-failure-line > span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.pk-failure-line:hover { background: var(--pk-hover); }
.pk-failure-actions { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 4px; }
.pk-failure-actions .pk-button { white-space: normal; }
.pk-failure-again { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; font-variant-numeric: tabular-nums; }
.pk-repairing { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; font-variant-numeric: tabular-nums; }
.pk-repairing > p { overflow-wrap: anywhere; }
.pk-repairing > .pk-bar { flex: 1 1 80px; }

.pk-repair { display: flex; flex-direction: column; gap: 4px; margin-block-start: 4px; padding-block-start: 8px; border-block-start: 1px solid var(--pk-line); }
.pk-root .pk-repair-files { margin: 0; padding: 0; list-style: none; font-size: var(--pk-small); }

.pk-failure-row { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; align-items: center; gap: 0 8px; inline-size: 100%; }
.pk-failure-row > .pk-icon { color: var(--pk-bad); }
.pk-failure-row > .pk-repairing { grid-column: 2 / -1; }
.pk-failure-row > p:not(.pk-failure-again) { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pk-failure-row > .pk-failure-again { grid-column: 2 / -1; }
@container pk (max-width: 420px) {
  .pk-failure-row > p:not(.pk-failure-again) { white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
  .pk-failure-row > .pk-button-secondary { grid-row: 2; grid-column: 2; justify-self: start; margin-block: 4px; white-space: normal; }
  .pk-failure-row > .pk-button-icon { grid-row: 1; grid-column: 4; }
}
`;
