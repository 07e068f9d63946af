/** For people whose system picks the colours: what only a colour tells is drawn so that it can be seen. */
export const CONTRAST_CSS = /* css */ `
@media (forced-colors: active) {
  /* Colours that stand for something keep it; the words beside them say the same. */
  .pk-dot, .pk-swatch, .pk-picture, .pk-disk > span { forced-color-adjust: none; }
  .pk-bar, .pk-spark-bar, .pk-disk { border: 1px solid CanvasText; }
  .pk-bar-done, .pk-spark-bar > * { forced-color-adjust: none; background: Highlight; }
  .pk-chip[aria-pressed="true"], .pk-file[aria-pressed="true"], .pk-tab[aria-selected="true"] {
    forced-color-adjust: none;
    background: Highlight;
    color: HighlightText;
  }
  .pk-button, .pk-button-primary { border: 1px solid ButtonText; }
  .pk-button-quiet, .pk-button-icon { border-color: transparent; }
}
`;
