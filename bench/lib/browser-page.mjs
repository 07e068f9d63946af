// Pages of our own in a real browser: bundled here, served to nobody else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { chromium } from "playwright-core";

const ORIGIN = "http://bench.localhost";

export const startChromium = () =>
  chromium.launch({
    executablePath: process.env.PINOKIOCLOUD_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });

/** Bundles a file of bench/lib for the browser; what it returns is served by `openPage`. */
export function bundlePage({ root, folder }, file) {
  const outfile = join(folder, `bundled-${file}`);
  buildSync({
    entryPoints: [join(root, "bench/lib", file)],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    jsx: "automatic",
    define: { __PINOKIOCLOUD_VERSION__: '"0"', "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const html = '<!doctype html><meta charset="utf-8"><body><script src="page.js"></script></body>';
  return { "": html, "page.js": readFileSync(outfile) };
}

/** A page of a context, with those files and no others. */
export async function openPage(context, files) {
  const page = await context.newPage();
  await page.route(`${ORIGIN}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (files[name] === undefined) return route.fulfill({ status: 404 });
    const contentType = name.endsWith(".js") ? "text/javascript" : name === "" ? "text/html" : "application/json";
    return route.fulfill({ body: files[name], contentType });
  });
  await page.goto(`${ORIGIN}/`);
  return page;
}
