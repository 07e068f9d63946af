import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";
import { capital, short } from "../words.js";

const ADDRESS = /\bhttps?:\/\/[^\s'"`<>)]{3,300}/;

/** Pip's question about its own newest version, and what hf tells before it tries again. */
const OWN_CHECK = /\/simple\/pip\/|thrown while requesting|\bretrying in\b/i;

/** The address that was asked, as far as the line or those before it tell. */
function address(seen: Seen): string {
  const [, host, path] = /host='([^']{1,120})'.{0,60}with url: (\S{1,200})/.exec(seen.text) ?? [];
  const named = host === undefined ? ADDRESS.exec(seen.text)?.[0] : `${host}${path ?? ""}`;
  const found = named ?? seen.before(ADDRESS, 4)?.[0] ?? "what was asked for";
  return short(found.replace(/[.,:]+$/, ""), 200);
}

/** How pip, requests, urllib, curl, wget, git, uv, npm, hf and our own downloads name an answer. */
const answered = (codes: string): RegExp[] => [
  new RegExp(`HTTP [Ee]rror (${codes})\\b`),
  new RegExp(`\\b(${codes}) (?:Client|Server) Error\\b`),
  new RegExp(`(?:Client|Server) error '(${codes}) `),
  new RegExp(`requested URL returned error: (${codes})\\b`),
  new RegExp(`\\bERROR (${codes}): `),
  new RegExp(`HTTP status (?:client|server) error \\((${codes}) `),
  new RegExp(`returned a (${codes}) [A-Z][a-z]+`),
  new RegExp(`npm (?:error|ERR!) (?:code E)?(${codes})\\b`),
  new RegExp(`the server answered (${codes})\\b`),
  new RegExp(`too many (${codes}) error responses`),
  new RegExp(`server responded with a status of (${codes})`),
];

export const downloads: readonly Detector[] = [
  {
    code: "download-forbidden",
    layer: "answer",
    happened: "A server wants a login, or refuses this one",
    advice: "Log in on its page or set the token the app asks for; some files want an agreement first",
    patterns: answered("401|403"),
    unless: OWN_CHECK,
    say: (seen) => ({ sentence: `${capital(address(seen))} was refused: the server answered ${group(seen)}` }),
  },
  {
    code: "download-missing",
    layer: "answer",
    happened: "What should be loaded is not there any more",
    advice: "The app may be out of date: update it, or ask its author",
    patterns: answered("404|410"),
    unless: /npm (?:error|ERR!)|\/simple\/pip\/|thrown while requesting|\bretrying in\b/i,
    say: (seen) => ({
      sentence: `${capital(address(seen))} is not there: the server answered ${group(seen)}`,
      repairs: [offer.updateApp()],
    }),
  },
  {
    code: "too-many-requests",
    layer: "answer",
    happened: "A server was asked too often",
    advice: "Wait some minutes, then try again; a login often raises the limit",
    patterns: answered("429"),
    unless: OWN_CHECK,
    say: (seen) => ({
      sentence: `${capital(address(seen))} was asked too often: the server answered 429`,
      repairs: [offer.retry(60_000)],
    }),
  },
  {
    code: "server-unavailable",
    layer: "answer",
    happened: "A server does not work at the moment",
    advice: "Wait some minutes, then try again",
    patterns: answered("500|502|503|504"),
    unless: OWN_CHECK,
    say: (seen) => ({
      sentence: `${capital(address(seen))} does not work at the moment: the server answered ${group(seen)}`,
      repairs: [offer.retry(30_000)],
    }),
  },
];
