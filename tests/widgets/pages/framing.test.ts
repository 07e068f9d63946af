import { expect, test } from "@jest/globals";
import { refusalOf } from "../../../src/widgets/pages/framing.js";

const LAB = "http://127.0.0.1:8888/lab";
const PAGE = "http://127.0.0.1:7860/";
const PROXIED = "http://127.0.0.1:8888/proxy/7860/";

test.each<[string | null, string | null, string, string | null]>([
  [null, null, PAGE, null],
  ["DENY", null, PAGE, "X-Frame-Options: DENY"],
  ["SAMEORIGIN", null, PAGE, "X-Frame-Options: SAMEORIGIN"],
  ["sameorigin", null, PROXIED, null],
  ["DENY", null, PROXIED, "X-Frame-Options: DENY"],
  ["ALLOW-FROM https://example.org", null, PAGE, null],
  ["DENY", "*", PAGE, null],
  [null, "'none'", PAGE, "frame-ancestors 'none'"],
  [null, "'self'", PAGE, "frame-ancestors 'self'"],
  [null, "'self'", PROXIED, null],
  [null, "https://example.org http://127.0.0.1:8888", PAGE, null],
  [null, "http://127.0.0.1", PAGE, "frame-ancestors http://127.0.0.1"],
  [null, "http://127.0.0.1:*", PAGE, null],
  [null, "http:", PAGE, null],
  [null, "https:", PAGE, "frame-ancestors https:"],
  [null, "*.example.org", PAGE, "frame-ancestors *.example.org"],
])("frame options %s and ancestors %s for %s: %s", (frameOptions, frameAncestors, frame, refusal) => {
  expect(refusalOf({ frameOptions, frameAncestors }, frame, LAB)).toBe(refusal);
});

test("a host with a star means what lies below it, and not itself", () => {
  const at = (page: string) => refusalOf({ frameOptions: null, frameAncestors: "https://*.example.org" }, PAGE, page);
  expect(at("https://hub.example.org/lab")).toBeNull();
  expect(at("https://example.org/lab")).not.toBeNull();
  expect(at("https://badexample.org/lab")).not.toBeNull();
});
