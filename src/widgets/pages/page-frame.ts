/** What pages may do besides running. They cannot take the whole browser tab somewhere else. */
const SANDBOX = [
  "allow-scripts",
  "allow-same-origin",
  "allow-forms",
  "allow-popups",
  "allow-popups-to-escape-sandbox",
  "allow-downloads",
  "allow-modals",
  "allow-pointer-lock",
].join(" ");

/** A frame that an app's page can be shown in. */
export function makePageFrame(document: Document, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", SANDBOX);
  frame.allow = "clipboard-write; fullscreen; autoplay";
  frame.referrerPolicy = "no-referrer";
  return frame;
}
