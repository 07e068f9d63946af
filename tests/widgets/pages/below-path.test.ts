/**
 * @jest-environment jsdom
 * @jest-environment-options {"url": "https://hub.example/user/x/lab"}
 */
import { afterEach, expect, test } from "@jest/globals";
import { type PathTrouble, troubleBelowPath, troubleIn } from "../../../src/widgets/pages/below-path.js";

const PATH = "/user/x/proxy/7860/";
const ADDRESS = `https://hub.example${PATH}`;
const gradio = (root: string) =>
  `<script>window.gradio_config = {"version":"6.0","root":${JSON.stringify(root)}};</script>`;

const world = globalThis as { fetch?: unknown };
const { fetch } = world;
afterEach(() => void (world.fetch = fetch));

const answers = (text: string, { status = 200, url = ADDRESS, type = "text/html; charset=utf-8" } = {}) => {
  world.fetch = () =>
    Promise.resolve({
      ok: status < 300,
      status,
      url,
      redirected: url !== ADDRESS,
      headers: new Headers({ "content-type": type }),
      text: () => Promise.resolve(text),
    });
};

test.each<[string, string, PathTrouble | null]>([
  ["parts beside the page", '<script src="./assets/a.js"></script><link rel="stylesheet" href="a.css">', null],
  [
    "parts of other machines",
    '<script src="https://cdn.example/a.js"></script><script src="//b.example/"></script>',
    null,
  ],
  ["parts below the path", `<script src="${PATH}assets/a.js"></script>`, null],
  ["links that are no parts", '<a href="/">Home</a><link rel="icon" href="/favicon.ico">', null],
  ["a module at the top, as Vite's", '<script type="module" src="/@vite/client"></script>', "root-parts"],
  ["a style at the top", '<link rel="preload stylesheet" href="/app.css">', "root-parts"],
  ["Gradio that knows the path", gradio(`http://hub.example${PATH.slice(0, -1)}`), null],
  ["Gradio that knows the path alone", gradio(PATH), null],
  ["Gradio that knows nothing", gradio("https://hub.example"), "other-root"],
  ["an old Gradio", gradio(""), "other-root"],
  ["Gradio at another port", gradio("/user/x/proxy/7861"), "other-root"],
])("%s", (_, text, trouble) => {
  expect(troubleIn(text, PATH, ADDRESS)).toBe(trouble);
});

test("only pages that come through Jupyter are looked at", async () => {
  world.fetch = () => Promise.reject(new Error("not to be asked"));
  expect(await troubleBelowPath("http://127.0.0.1:7860/")).toBeNull();
  expect(await troubleBelowPath("https://7860-gpu.prod.colab.dev/")).toBeNull();
  expect(await troubleBelowPath(ADDRESS)).toBeNull();
  answers(gradio(""));
  expect(await troubleBelowPath(`${ADDRESS}deep/er?x=1`)).toBe("other-root");
  answers(gradio(""), { type: "application/json" });
  expect(await troubleBelowPath(ADDRESS)).toBeNull();
  answers(gradio(""), { status: 500 });
  expect(await troubleBelowPath(ADDRESS)).toBeNull();
});

test("a page to log in instead means that the session is over", async () => {
  answers("Log in", { url: "https://hub.example/user/x/login?next=a" });
  await expect(troubleBelowPath(ADDRESS)).rejects.toMatchObject({ code: "not-authorised" });
  answers("Log in", { url: "https://hub.example/hub/login?next=a" });
  await expect(troubleBelowPath(ADDRESS)).rejects.toMatchObject({ hint: "Reload the page and log in again" });
});
