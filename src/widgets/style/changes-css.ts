/** What changes an app itself, and the trash. */
export const CHANGES_CSS = /* css */ `
.pk-changes:empty { display: none; }
.pk-change { display: flex; flex-direction: column; gap: 8px; max-inline-size: 640px; padding: 12px; border: 1px solid var(--pk-line); border-radius: var(--pk-radius); }
.pk-root .pk-change > .pk-heading { margin: 0; }
.pk-root .pk-change p { margin: 0; overflow-wrap: anywhere; }
.pk-root :is(.pk-change-parts, .pk-change-commits, .pk-change-scripts, .pk-trash-entries) { margin: 0; padding: 0; list-style: none; }
.pk-change-parts > li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding-block: 2px; }
.pk-change-parts > li > span:first-child { flex: 1 1 120px; min-inline-size: 0; }
.pk-change-examples { display: block; overflow-wrap: anywhere; font-size: var(--pk-small); }
.pk-change-commits > li { padding-block: 2px; overflow-wrap: anywhere; }
.pk-change-files > summary { cursor: pointer; }
.pk-root .pk-change-files ul { max-block-size: 160px; margin: 4px 0 0; padding: 0; overflow-y: auto; list-style: none; font-size: var(--pk-small); }
.pk-root .pk-change-scripts pre { max-block-size: 160px; margin: 4px 0; padding: 4px 8px; overflow: auto; background: var(--pk-raised); border-radius: var(--pk-radius); font: var(--pk-small) var(--pk-code-font); white-space: pre-wrap; overflow-wrap: anywhere; }
.pk-trash { display: flex; flex-direction: column; gap: 4px; margin-block-start: 16px; }
.pk-root .pk-trash p { margin: 0; }
.pk-trash-entries + .pk-heading { margin-block-start: 16px; }
.pk-trash-entry { display: grid; grid-template-columns: minmax(0, 1fr) max-content max-content; align-items: start; gap: 4px 12px; padding-block: 8px; border-block-end: 1px solid var(--pk-line); }
.pk-trash-entry > .pk-card { grid-column: 1 / -1; }
.pk-trash-what > p { overflow-wrap: anywhere; }
@container pk (max-width: 480px) {
  .pk-trash-entry { grid-template-columns: minmax(0, 1fr) max-content; }
  .pk-trash-entry > .pk-actions { grid-column: 1 / -1; }
}
`;
