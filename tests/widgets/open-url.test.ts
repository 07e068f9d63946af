import { expect, test } from "@jest/globals";
import { findRoute, openInBrowser, pathOfPorts, type Surroundings } from "../../src/widgets/open-url.js";

const LOCAL: Surroundings = {
  pageUrl: "http://localhost:8888/lab",
  baseUrl: "/",
  serverProxy: true,
  colabPort: null,
};
const HUB: Surroundings = {
  pageUrl: "https://hub.example.org/user/x/lab/tree/a.ipynb?token=1",
  baseUrl: "/user/x/",
  serverProxy: true,
  colabPort: null,
};
const COLAB: Surroundings = {
  pageUrl: "https://abc-colab.googleusercontent.com/outputframe.html",
  baseUrl: null,
  serverProxy: false,
  colabPort: (port) => Promise.resolve(`https://${port}-gpu-t4.prod.colab.dev`),
};

test.each<[string, string, Surroundings, string]>([
  ["from the same machine it is opened as it is", "http://127.0.0.1:7860/", LOCAL, "http://127.0.0.1:7860/"],
  [
    "localhost becomes a number, which nobody can point elsewhere",
    "http://localhost:7860/a?b=1#c",
    LOCAL,
    "http://127.0.0.1:7860/a?b=1#c",
  ],
  ["listening everywhere is not an address", "http://0.0.0.0:7860", LOCAL, "http://127.0.0.1:7860/"],
  ["the same in version 6", "http://[::]:7860/x", LOCAL, "http://127.0.0.1:7860/x"],
  [
    "on a hub it goes through the proxy",
    "http://127.0.0.1:7860/a/b?c=d#e",
    HUB,
    "https://hub.example.org/user/x/proxy/7860/a/b?c=d#e",
  ],
  ["a port that is not named is the usual one", "http://localhost/", HUB, "https://hub.example.org/user/x/proxy/80/"],
  [
    "a base URL may be a whole address",
    "http://127.0.0.1:1/",
    { ...HUB, baseUrl: "https://other.org/user/y" },
    "https://other.org/user/y/proxy/1/",
  ],
  ["an address elsewhere is left alone", "https://abc.gradio.live/?x=1", HUB, "https://abc.gradio.live/?x=1"],
  ["another machine of the network too", "http://10.0.0.7:7860/", HUB, "http://10.0.0.7:7860/"],
  [
    "VS Code opens local addresses itself",
    "http://localhost:7860/",
    { ...COLAB, pageUrl: "vscode-webview://abc/", colabPort: null },
    "http://127.0.0.1:7860/",
  ],
])("%s: %s", (_, address, surroundings, url) => {
  expect(findRoute(address, surroundings)).toEqual({ kind: "address", url });
});

test("on Colab the port gets an address of its own", async () => {
  const opened: string[] = [];
  await openInBrowser("http://127.0.0.1:7860/app?x=1", COLAB, (url) => opened.push(url));
  expect(opened).toEqual(["https://7860-gpu-t4.prod.colab.dev/app?x=1"]);
});

test.each<[string, Surroundings, string | null]>([
  ["the proxy's", HUB, "/user/x/proxy/{port}"],
  ["the proxy's at the root", { ...HUB, baseUrl: "/" }, "/proxy/{port}"],
  ["none on the same machine", LOCAL, null],
  ["none on Colab, where a port has an address", COLAB, null],
  ["none without the proxy", { ...HUB, serverProxy: false }, null],
])("the path that programs are told of: %s", (_, surroundings, path) => {
  expect(pathOfPorts(surroundings)).toBe(path);
});

test("without the proxy a hub says what to install", () => {
  expect(() => findRoute("http://127.0.0.1:7860/", { ...HUB, serverProxy: false })).toThrow(
    expect.objectContaining({
      code: "page-unreachable",
      hint: expect.stringContaining("pip install jupyter-server-proxy"),
    }),
  );
});

test("without a Jupyter server there is no way", () => {
  expect(() => findRoute("http://127.0.0.1:7860/", { ...COLAB, colabPort: null })).toThrow(
    expect.objectContaining({ code: "page-unreachable", message: expect.stringContaining("http://127.0.0.1:7860") }),
  );
});

test.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "not an address", ""])(
  "what is not a web page is not opened: %s",
  (address) => {
    expect(() => findRoute(address, LOCAL)).toThrow(expect.objectContaining({ code: "page-unreachable" }));
  },
);
