import { group, type Detector, type Seen } from "../detector.js";
import { offer } from "../offers.js";

const TOKENS_PAGE = "https://huggingface.co/settings/tokens";

/** `owner/name` in an address of a model, an API or a file. */
const MODEL =
  /(?:huggingface\.co|hf\.co|https?:\/\/[^/\s]{1,100})\/(?:api\/(?:models|datasets)\/)?([\w.-]{1,96}\/[\w.-]{1,96})/;
const NAMED = /(?:model|dataset|Model|Dataset) '?([\w.-]{1,96}\/[\w.-]{1,96})'?/;

function model(seen: Seen): string | null {
  const here = NAMED.exec(seen.text)?.[1] ?? MODEL.exec(seen.text)?.[1];
  return here ?? seen.after(NAMED, 5)?.[1] ?? seen.after(MODEL, 5)?.[1] ?? null;
}

export const tokens: readonly Detector[] = [
  {
    code: "model-gated",
    layer: "access",
    happened: "A model on Hugging Face is given only to those who agreed to its licence",
    advice: "Agree on the model's page with your account, then set HF_TOKEN to a token of that account",
    patterns: [
      /GatedRepoError/,
      /Cannot access gated repo/,
      /Access to (?:model|dataset) \S{1,200} is restricted/,
      /You are trying to access a gated repo/,
      /Access denied\. (?:Model|Dataset) '\S{1,200}' requires approval/,
    ],
    unless: /^\s*(?:raise|from|except|import)\b/,
    say: (seen) => {
      const name = model(seen);
      return {
        sentence: `${name ?? "The model"} is given only to accounts that agreed to its licence`,
        repairs: [
          offer.acceptLicence(name, `https://huggingface.co/${name ?? ""}`),
          offer.setToken("HF_TOKEN", TOKENS_PAGE),
          offer.retry(),
        ],
      };
    },
  },
  {
    code: "token-rejected",
    layer: "access",
    happened: "A token is wrong, or no longer valid",
    advice: "Make a new token on the service's page and set it in place of the old one",
    patterns: [
      /Invalid user token/,
      /Invalid credentials in Authorization header/,
      /Incorrect API key provided/,
      /invalid x-api-key/,
      /User Access Token .{0,40}(?:expired|is not valid)/i,
    ],
    say: ({ text }) =>
      /API key|x-api-key/.test(text)
        ? { sentence: "The service refused the API key" }
        : {
            sentence: "Hugging Face refused the token",
            repairs: [offer.setToken("HF_TOKEN", TOKENS_PAGE), offer.retry()],
          },
  },
  {
    code: "token-missing",
    layer: "access",
    happened: "A program wants a token and has none",
    advice: "Get one on the service's page and set it",
    patterns: [
      /LocalTokenNotFoundError/,
      /Token is required .{0,40}, but no token found/,
      /Nobody gave a Hugging Face token/,
      /The api_key client option must be set .{0,60}setting the (\w{2,60}_(?:KEY|TOKEN)) environment variable/,
      /(?:Please )?[Ss]et (?:the|your) (\w{2,60}_(?:API_KEY|TOKEN)) environment variable/,
    ],
    unless: /^\s*raise\b/,
    say: (seen) => {
      const name = group(seen) || "HF_TOKEN";
      return {
        sentence: `The program wants a token in ${name} and there is none`,
        repairs: [offer.setToken(name, name === "HF_TOKEN" ? TOKENS_PAGE : null), offer.retry()],
      };
    },
  },
  {
    code: "model-missing",
    layer: "access",
    happened: "A model, version or file is not on Hugging Face, or not for this account",
    advice: "Check the name; where the model is private, set HF_TOKEN to a token of an account that may read it",
    patterns: [
      /RepositoryNotFoundError: /,
      /RevisionNotFoundError: /,
      /(?:Remote)?EntryNotFoundError: 404/,
      /(?:Repository|Revision|Entry) Not Found for url: /,
      /is not a local folder and is not a valid model identifier/,
    ],
    // An older library says the same of a wrong token, and tells which it was three lines below.
    confirm: (seen) => seen.after(/Invalid credentials in Authorization header/, 6) === null,
    say: (seen) => {
      const file = /resolve\/[^/\s]{1,100}\/([^\s'"]{1,200}?)\.?$/.exec(
        seen.after(/\bhttps?:\/\/\S{3,300}/, 4)?.[0] ?? seen.text,
      )?.[1];
      const name = model(seen) ?? /^(?:OSError: )?([\w.-]{1,96}\/[\w.-]{1,96}) is not a local/.exec(seen.text)?.[1];
      const what =
        /Entry/.test(seen.text) && file !== undefined
          ? `The file ${file} of ${name ?? "the model"}`
          : (name ?? "A model");
      return {
        sentence: `${what} is not on Hugging Face, or not for this account`,
        repairs: [offer.setToken("HF_TOKEN", TOKENS_PAGE), offer.updateApp()],
      };
    },
  },
  {
    code: "github-rate-limit",
    layer: "access",
    happened: "GitHub was asked too often from this address",
    advice: "Wait until the limit ends, at most an hour, or set GITHUB_TOKEN to a token of yours",
    patterns: [/API rate limit exceeded/, /You have exceeded a secondary rate limit/],
    say: (seen) => {
      const from = /exceeded for (?:user ID )?([\d.a-f:]{3,45}?)\.?(?:\s|$)/.exec(seen.text)?.[1];
      return {
        sentence: `GitHub was asked too often${from === undefined ? "" : ` from ${from}`}`,
        repairs: [offer.setToken("GITHUB_TOKEN", "https://github.com/settings/tokens")],
      };
    },
  },
];
