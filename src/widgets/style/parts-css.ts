export const PARTS_CSS = /* css */ `
.pk-button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 4px;
  min-block-size: 28px;
  padding: 0 12px;
  border: 1px solid var(--pk-input-line);
  border-radius: var(--pk-radius);
  background: var(--pk-surface);
  color: var(--pk-ink);
  font: inherit;
  white-space: nowrap;
  cursor: pointer;
}
.pk-button > .pk-icon { margin-inline-start: -4px; }
.pk-button:hover { background: var(--pk-hover); }
.pk-button-primary { border-color: transparent; background: var(--pk-action); color: var(--pk-on-colour); }
.pk-button-primary:hover { background: var(--pk-action-hover); }
.pk-button-danger { border-color: transparent; background: var(--pk-danger); color: var(--pk-on-colour); white-space: normal; padding-block: 4px; }
.pk-button-danger:hover { background: var(--pk-danger-hover); }
.pk-button-quiet { border-color: transparent; background: none; padding: 0 8px; white-space: normal; text-align: start; }
.pk-button-quiet[aria-expanded="true"] { background: var(--pk-hover); }
.pk-button-icon { inline-size: 28px; padding: 0; border-color: transparent; background: none; color: var(--pk-soft); }
.pk-button-icon > .pk-icon { margin: 0; }
.pk-button-icon:hover, .pk-button-icon[aria-expanded="true"] { color: var(--pk-ink); background: var(--pk-hover); }
.pk-root .pk-button-primary:focus-visible, .pk-root .pk-button-danger:focus-visible { outline-offset: 1px; }
.pk-button[aria-disabled] { opacity: 0.5; cursor: not-allowed; }
.pk-button[aria-busy] { opacity: 0.7; cursor: progress; }

.pk-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
.pk-actions > .pk-button-icon { margin-inline: -4px; }

.pk-picture {
  display: flex;
  align-items: center;
  justify-content: center;
  inline-size: 36px;
  block-size: 36px;
  border-radius: 4px;
  object-fit: cover;
  color: #ffffff;
  font-size: 14px;
  font-weight: 600;
  letter-spacing: 0.02em;
  user-select: none;
}

.pk-state { display: inline-flex; align-items: center; flex-wrap: wrap; font-variant-numeric: tabular-nums; }
.pk-dot { inline-size: 8px; block-size: 8px; margin-inline-end: 6px; border-radius: 50%; flex: none; background: var(--pk-idle); }
.pk-dot-good { background: var(--pk-good); }
.pk-dot-warning { background: var(--pk-warning); }
.pk-dot-bad { background: var(--pk-bad); }
.pk-dot-busy { background: var(--pk-busy); }
@media (prefers-reduced-motion: no-preference) {
  .pk-dot-moving { animation: pk-pulse 1.6s ease-in-out infinite; }
}
@keyframes pk-pulse { 50% { opacity: 0.6; } }
.pk-state .pk-number { white-space: pre; color: var(--pk-soft); }

.pk-progress { display: flex; align-items: center; gap: 8px; margin-block-start: 4px; }
.pk-bar { flex: 1; max-inline-size: 240px; block-size: 4px; border-radius: 2px; overflow: hidden; background: var(--pk-kind-free); }
.pk-bar-done { display: block; block-size: 100%; background: var(--pk-busy); }
@media (prefers-reduced-motion: no-preference) {
  .pk-bar-done { transition: inline-size 0.3s; }
}
.pk-method { font-family: var(--pk-code-font); font-size: var(--pk-small); }

.pk-card {
  display: flex;
  gap: 8px;
  padding: 8px;
  border: 1px solid var(--pk-line);
  border-inline-start: 3px solid var(--pk-bad);
  border-radius: var(--pk-radius);
  inline-size: 100%;
  text-align: start;
}
.pk-card > .pk-icon { margin-block-start: 1px; color: var(--pk-bad); }
.pk-card-warning { border-inline-start-color: var(--pk-warning); }
.pk-card-warning > .pk-icon { color: var(--pk-warning); }
.pk-card-text { flex: 1; min-inline-size: 0; display: flex; flex-direction: column; gap: 4px; }
.pk-card-text .pk-actions { margin-inline-start: -8px; }
.pk-card > .pk-button-icon { align-self: flex-start; margin: -4px -4px 0 0; }

.pk-empty { display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 32px 16px; text-align: center; }
.pk-empty > p { text-align: center; max-inline-size: 44ch; }
.pk-empty-title { font-size: var(--pk-large); }
.pk-empty .pk-button { margin-block-start: 4px; }

.pk-heading { font-weight: 600; margin-block: 0 8px; }
.pk-toolbar { display: flex; align-items: center; gap: 8px; }
.pk-toolbar .pk-heading { margin: 0; flex: 1; }

/* JupyterLab has rules of its own for lists of terms in outputs. */
.pk-root .pk-facts { display: grid; grid-template-columns: minmax(84px, max-content) minmax(0, 1fr); gap: 4px 12px; }
.pk-root .pk-facts :is(dt, dd) { float: none; inline-size: auto; font-weight: inherit; }
.pk-root p + .pk-facts { margin-block-start: 8px; }
.pk-facts > div { display: contents; }
.pk-facts dt { color: var(--pk-soft); }
.pk-path { overflow-wrap: anywhere; }

.pk-table { inline-size: 100%; border-collapse: collapse; }
.pk-root .pk-table :is(th, td) { padding: 6px 12px 6px 0; border-block-end: 1px solid var(--pk-line); vertical-align: baseline; }
.pk-root .pk-table :is(th, td):last-child { padding-inline-end: 0; }
.pk-root .pk-table .pk-number { text-align: end; white-space: nowrap; }
.pk-table thead th { color: var(--pk-soft); }
.pk-swatch { display: inline-block; inline-size: 10px; block-size: 10px; margin-inline-end: 8px; border-radius: 2px; }
.pk-disk { display: flex; block-size: 12px; border-radius: 2px; overflow: hidden; background: var(--pk-kind-free); }
.pk-disk > span { flex: 0 0 auto; flex-basis: 0; min-inline-size: 0; }

.pk-field { display: flex; flex-direction: column; gap: 4px; flex: 1 1 140px; min-inline-size: 0; }
.pk-field > span { color: var(--pk-soft); }
.pk-field input { inline-size: 100%; }

.pk-link {
  display: inline-flex;
  align-items: center;
  gap: 4px;
  padding: 0;
  border: none;
  background: none;
  color: var(--jp-content-link-color, var(--pk-busy));
  font: inherit;
  overflow-wrap: anywhere;
  text-align: start;
  cursor: pointer;
}
.pk-link:hover { text-decoration: underline; }
.pk-links { display: flex; flex-wrap: wrap; gap: 0 12px; margin-block-start: 2px; }

.pk-tag { flex: none; max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 6px; border-radius: 8px; background: var(--pk-raised); font-size: var(--pk-small); }
.pk-warning-text { padding-inline-start: 8px; border-inline-start: 3px solid var(--pk-warning); }

.pk-log { position: relative; }
.pk-log-scroll {
  block-size: 220px;
  resize: vertical;
  overflow: auto;
  overscroll-behavior: contain;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-paper);
}
.pk-log-paper {
  padding: 8px;
  font: calc(var(--pk-size) - 1px)/1.45 var(--pk-code-font);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  user-select: text;
}
.pk-log-block { content-visibility: auto; contain-intrinsic-block-size: auto 3200px; }
.pk-log-block:nth-last-child(-n + 3) { content-visibility: visible; }
.pk-log-link { color: var(--jp-content-link-color, var(--pk-busy)); text-decoration: underline; text-underline-offset: 2px; }
.pk-log-bar { display: flex; align-items: center; gap: 8px; cursor: pointer; }
.pk-log-bar > span:first-child:empty { display: none; }
.pk-log-bar > .pk-bar { flex: 1 1 80px; min-inline-size: 40px; block-size: 6px; }
.pk-log-bar > span:not(.pk-bar) { white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.pk-log-bar > span:first-child { flex: none; max-inline-size: 60%; }
.pk-log-raw > * > .pk-log-bar > span { display: none; }
.pk-log-raw > * > .pk-log-bar::after { content: attr(title); white-space: pre-wrap; }
.pk-log-quiet { position: absolute; inset-block-start: 8px; inset-inline-start: 9px; }
@media (prefers-reduced-motion: no-preference) {
  .pk-log-quiet { animation: pk-wait 0.4s; }
}
/* Output that is on its way is not called missing. */
@keyframes pk-wait { from, to { visibility: hidden; } }
.pk-log-follow { position: absolute; inset-block-end: 12px; inset-inline-end: 24px; }

.pk-menu { display: flex; flex-direction: column; align-items: flex-start; }
.pk-menu > li { max-inline-size: 100%; }
.pk-menu-default > .pk-button { font-weight: 600; }
.pk-menu-default > .pk-button > .pk-icon { color: var(--pk-accent); }
.pk-root .pk-menu-find { inline-size: 100%; margin-block-end: 4px; }
.pk-menu .pk-button-quiet { padding: 4px 8px; }
.pk-menu-group summary { display: flex; align-items: center; gap: 4px; min-block-size: 28px; padding: 0 4px; cursor: pointer; }
.pk-menu-group summary::marker, .pk-menu-group summary::-webkit-details-marker { content: none; display: none; }
.pk-menu-group[open] > summary > .pk-icon-right { rotate: 90deg; }
.pk-menu-words { display: flex; flex-wrap: wrap; align-items: center; gap: 0 4px; min-block-size: 28px; padding-inline: 5px 8px; }
.pk-menu-group > .pk-menu { padding-inline-start: 20px; }
.pk-question { display: flex; flex-direction: column; gap: 8px; padding: 8px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); }
`;
