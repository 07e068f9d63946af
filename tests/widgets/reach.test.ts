import { expect, test } from "@jest/globals";
import { reachOf } from "../../src/widgets/reach.js";

const place = {
  pageUrl: "https://hub.example.org/user/x/lab",
  baseUrl: "/user/x/",
  serverProxy: true,
  colabPort: null,
};

test("the way to apps' pages is told as they are opened", () => {
  expect(reachOf(place)).toBe("server-proxy");
  expect(reachOf({ ...place, serverProxy: false })).toBe("none");
  expect(reachOf({ ...place, baseUrl: null })).toBe("none");
  expect(reachOf({ ...place, pageUrl: "http://localhost:8888/lab" })).toBe("directly");
  expect(reachOf({ ...place, colabPort: () => Promise.resolve("https://7860.example.org") })).toBe("colab");
});
