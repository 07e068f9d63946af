/** What a person decides for one app. */
export const LIMITS_CSS = /* css */ `
.pk-page-limits { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; max-inline-size: 560px; }
.pk-page-limits > .pk-heading { margin-block-end: 4px; }
.pk-page-limits > .pk-button { align-self: flex-start; margin-inline-start: -8px; }
.pk-limits { display: grid; grid-template-columns: max-content minmax(0, 1fr); align-items: baseline; gap: 8px 12px; }
.pk-limits > :is(.pk-limits-check, .pk-actions, .pk-card) { grid-column: 1 / -1; }
.pk-limits-check { display: flex; align-items: center; gap: 8px; }
.pk-limits-check > input { flex: none; inline-size: 16px; block-size: 16px; margin: 0; accent-color: var(--pk-action); }
.pk-limits-value { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 8px; min-inline-size: 0; }
.pk-limits-value > input { inline-size: 88px; }

@container pk (min-width: 760px) {
  .pk-page-parts > .pk-page-limits { grid-column: 2; margin-block-start: 24px; }
}
`;
