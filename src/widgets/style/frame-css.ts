export const FRAME_CSS = /* css */ `
.pk-root {
  container: pk / inline-size;
  position: relative;
  display: flex;
  flex-direction: column;
  inline-size: 100%;
  block-size: 100%;
  min-block-size: 0;
  box-sizing: border-box;
  overflow: hidden;
  background: var(--pk-surface);
  color: var(--pk-ink);
  font: var(--pk-size)/1.4 var(--pk-font);
}
.pk-in-cell > .pk-root {
  block-size: auto;
  max-block-size: 640px;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
}
/* The notice line says it in words, and a view that is reached through the server is not disconnected at all. */
.pk-in-cell.jupyter-widgets-disconnected::before { content: none; }
.pk-root *, .pk-root *::before, .pk-root *::after { box-sizing: border-box; }
.pk-root :where(h1, h2, h3, h4, p, ul, ol, li, dl, dt, dd, pre, table, th, td) {
  margin: 0;
  padding: 0;
  font: inherit;
  color: inherit;
  text-align: start;
  border: none;
  background: none;
  list-style: none;
}
.pk-root :where(p, li, dd, h1, h2, h3, h4, span) { overflow-wrap: anywhere; }
.pk-root :where(button, input, select, textarea, summary, [tabindex]):focus-visible {
  outline: 2px solid var(--pk-focus);
  outline-offset: -2px;
}
.pk-root :where([tabindex="-1"]):focus-visible { outline: none; }

.pk-icon {
  inline-size: 16px;
  block-size: 16px;
  flex: none;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.3;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.pk-icon-more { stroke-width: 2; }
.pk-soft { color: var(--pk-soft); }
.pk-number { font-variant-numeric: tabular-nums; }
.pk-code { font-family: var(--pk-code-font); font-size: 0.95em; }
.pk-hidden {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.pk-title {
  position: relative;
  display: flex;
  align-items: baseline;
  justify-content: space-between;
  gap: 0 16px;
  flex: none;
  padding: 8px 12px 4px;
}
.pk-title h1 { font-size: var(--pk-large); font-weight: 600; white-space: nowrap; }
.pk-title h2 { font-size: var(--pk-size); font-weight: 400; white-space: nowrap; }
.pk-title > .pk-button { align-self: center; margin: -6px -4px -6px 0; flex: none; }
.pk-title-names { display: flex; align-items: baseline; gap: 8px; min-inline-size: 0; }
.pk-machine { margin-inline-start: auto; font-size: var(--pk-small); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-inline-size: 0; }

.pk-notice {
  display: flex;
  align-items: center;
  gap: 8px;
  flex: none;
  margin: 4px 0;
  padding: 6px 12px;
  border-block: 1px solid var(--pk-line);
  border-inline-start: 3px solid var(--pk-busy);
  background: var(--pk-raised);
}
.pk-notice > .pk-icon { color: var(--pk-busy); }
.pk-notice-warning { border-inline-start-color: var(--pk-warning); }
.pk-notice-warning > .pk-icon { color: var(--pk-warning); }
.pk-notice-error { border-inline-start-color: var(--pk-bad); }
.pk-notice-error > .pk-icon { color: var(--pk-bad); }
.pk-notice-text { flex: 1; min-inline-size: 0; font-variant-numeric: tabular-nums; }
.pk-notice-text > :is(span, p) { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.pk-notice .pk-button { flex: none; margin-block: -2px; background: var(--pk-surface); }
.pk-notice .pk-button-icon { background: none; }

.pk-tabs {
  display: flex;
  flex: none;
  padding-inline: 8px;
  border-block-end: 1px solid var(--pk-line);
}
.pk-tab {
  display: flex;
  align-items: center;
  gap: 6px;
  min-inline-size: 0;
  block-size: 32px;
  padding: 0 10px;
  border: none;
  border-block-end: 2px solid transparent;
  margin-block-end: -1px;
  background: none;
  color: var(--pk-soft);
  font: inherit;
  cursor: pointer;
}
.pk-tab > .pk-icon { display: none; }
.pk-tab-label { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.pk-tab:hover { color: var(--pk-ink); background: var(--pk-hover); }
.pk-tab[aria-selected="true"] { color: var(--pk-ink); border-block-end-color: var(--pk-accent); }
.pk-count {
  min-inline-size: 16px;
  padding: 0 4px;
  border-radius: 8px;
  background: var(--pk-raised);
  color: var(--pk-ink);
  font-size: var(--pk-small);
  line-height: 16px;
  text-align: center;
  font-variant-numeric: tabular-nums;
}

.pk-panel {
  position: relative;
  flex: 1;
  min-block-size: 0;
  overflow: auto;
}
.pk-view { display: flex; flex-direction: column; gap: 12px; padding: 12px; inline-size: 100%; max-inline-size: 1200px; margin-inline: auto; }
.pk-view:has(> .pk-discover) { max-inline-size: none; }
.pk-in-cell .pk-panel { min-block-size: 280px; }

@container pk (max-width: 520px) {
  .pk-title { flex-direction: column; padding-block-end: 2px; }
  .pk-machine { white-space: normal; margin: 0; }
  .pk-title > .pk-button { position: absolute; inset-block-start: 4px; inset-inline-end: 8px; margin: 0; }
  .pk-activity { display: none; } /* The tab says it too, and no line gets longer when something starts. */
  .pk-notice-text > p { -webkit-line-clamp: 1; }
  .pk-tabs { padding-inline: 4px; }
  .pk-tab { position: relative; flex: 1 1 0; justify-content: center; padding: 0; }
  .pk-tab > .pk-icon { display: block; }
  .pk-tab-label {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  /* Beside its icon, which stays where it is. */
  .pk-tab > .pk-count { position: absolute; inset-block-start: 2px; inset-inline-start: calc(50% + 8px); }
}
@container pk (min-width: 521px) {
  .pk-title-view {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
}

/* JupyterLab's side panels begin at 250. */
@container pk (max-width: 279px) {
  .pk-actions { column-gap: 6px; }
  .pk-app-actions > .pk-button:not(.pk-button-icon) { padding-inline: 8px; }
}
`;
