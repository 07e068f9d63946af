import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { plainWords } from "../../runtime/protocol/told.js";
import { useFrame } from "../host.js";
import { Icon } from "./icon.js";

/**
 * HTML that a script wrote, in a page of its own where nothing of it runs, loads or reaches ours: no scripts, no
 * origin, no network. Its links stand below, since they would lead nowhere in there.
 */
export function HtmlPaper({ html, label }: { html: string; label: string }) {
  const { openPage } = useFrame();
  const paper = useRef<HTMLDivElement>(null);
  const [colours, setColours] = useState<Colours | null>(null);
  const page = useMemo(() => (colours === null ? null : pageOf(html, colours)), [html, colours]);
  const links = useMemo(() => linksIn(html), [html]);
  useLayoutEffect(() => {
    if (paper.current === null) return;
    const { color, backgroundColor, colorScheme } = getComputedStyle(paper.current);
    setColours({ color, backgroundColor, colorScheme });
  }, [html]);
  return (
    <>
      <div ref={paper} className="pk-html" style={{ blockSize: `${heightFor(html)}px` }}>
        {page === null ? null : <iframe title={label} sandbox="" referrerPolicy="no-referrer" srcDoc={page} />}
      </div>
      {links.length === 0 ? null : (
        <p className="pk-links">
          {links.map(({ href, text }) => (
            <button key={href} type="button" className="pk-link" title={href} onClick={() => openPage(href)}>
              <Icon name="open" />
              {text}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

type Colours = Pick<CSSStyleDeclaration, "color" | "backgroundColor" | "colorScheme">;

const RULES = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'";

/** Our rules come first, so that nothing in the page can loosen them. */
const pageOf = (html: string, { color, backgroundColor, colorScheme }: Colours): string =>
  `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${RULES}">` +
  `<style>:root{color-scheme:${colorScheme};color:${color};background:${backgroundColor}}` +
  `body{margin:8px;font:13px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}p{margin:0 0 8px}` +
  `ol,ul{margin:0 0 8px;padding-inline-start:20px}a{color:inherit;text-decoration:none}img{max-width:100%}pre{white-space:pre-wrap}</style>${html}`;

const MOST_LINKS = 8;

function linksIn(html: string): { href: string; text: string }[] {
  // A document that is only parsed loads and runs nothing.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const found = new Map<string, string>();
  for (const link of parsed.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (/^https?:\/\//i.test(href) && found.size < MOST_LINKS) found.set(href, link.textContent?.trim() || href);
  }
  return [...found].map(([href, text]) => ({ href, text }));
}

const LINE_PX = 20;
const CHARACTERS_PER_LINE = 42;

/** What is in there cannot be measured from here; a guess that is wrong is scrolled, or pulled larger. */
function heightFor(html: string): number {
  const lines = plainWords(html)
    .split("\n")
    .reduce((sum, line) => sum + 1 + Math.floor(line.length / CHARACTERS_PER_LINE), 0);
  const pictures = (html.match(/<(?:img|svg|table)\b/gi) ?? []).length;
  return Math.min(320, 24 + lines * (LINE_PX + 4) + pictures * 120);
}
