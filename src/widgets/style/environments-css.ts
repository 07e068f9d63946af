/** Environments: what they hold, and which one is active. */
export const ENVIRONMENTS_CSS = /* css */ `
.pk-environments { display: flex; flex-direction: column; gap: 12px; }
.pk-environment { display: flex; flex-direction: column; gap: 2px; min-inline-size: 0; }
.pk-environment-head { display: flex; align-items: baseline; gap: 8px; }
.pk-environment-name { flex: 1; min-inline-size: 0; font-weight: 500; overflow-wrap: anywhere; }
.pk-environment-active { padding: 0 6px; border: 1px solid var(--pk-line); border-radius: 8px; color: var(--pk-soft); font-size: var(--pk-small); }
.pk-environment > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-environment > .pk-actions:has(> .pk-button-quiet:first-child) { margin-inline-start: -8px; }
.pk-environment p { overflow-wrap: anywhere; }
.pk-packages { display: flex; flex-direction: column; gap: 8px; min-inline-size: 0; max-inline-size: 640px; }
.pk-packages > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-packages > input { max-inline-size: 320px; }
.pk-root .pk-package-table th { font-weight: 400; overflow-wrap: anywhere; }
.pk-root .pk-package-table td { overflow-wrap: anywhere; color: var(--pk-soft); }
.pk-active-choice { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
.pk-active-choice > p { flex-basis: 100%; }
.pk-active-choice > select { min-inline-size: 0; max-inline-size: 100%; }
.pk-page-environments { min-inline-size: 0; }

@container pk (min-width: 760px) {
  .pk-page-parts > .pk-page-menu { grid-row: 1 / span 12; }
  .pk-page-parts > .pk-page-environments { grid-column: 2; margin-block-start: 24px; }
}
`;
