/** Long pieces of work, and what is asked before an installation. */
export const INSTALL_CSS = /* css */ `
.pk-job { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; inline-size: 100%; }
/* What it does and its end above, how far it is below. */
.pk-job > .pk-task { display: grid; grid-template-columns: minmax(60px, 240px) minmax(0, max-content); margin-block-start: 0; }
.pk-job .pk-button { grid-area: 1 / 2; justify-self: start; margin: -4px 0 -4px -8px; }
.pk-secrets { display: flex; flex-wrap: wrap; gap: 4px 12px; }
.pk-half { inline-size: 100%; }
.pk-studio > .pk-limits-check { overflow-wrap: anywhere; }
.pk-studio { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.pk-root .pk-made { margin: 0; padding: 0; list-style: none; inline-size: 100%; max-block-size: 240px; overflow-y: auto; font-size: var(--pk-small); }
.pk-made label { display: flex; align-items: baseline; gap: 8px; min-block-size: 24px; }
.pk-made .pk-path { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
.pk-token { display: flex; flex-direction: column; gap: 4px; inline-size: 100%; }
.pk-token-line { display: flex; flex-wrap: wrap; gap: 8px; }
.pk-token-line > input {
  flex: 1 1 160px;
  min-inline-size: 0;
  max-inline-size: 320px;
}
`;
