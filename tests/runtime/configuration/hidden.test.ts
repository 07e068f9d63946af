import { expect, test } from "@jest/globals";
import { prepareFormats } from "../../../src/runtime/configuration/formats/index.js";
import { env } from "../../../src/runtime/configuration/formats/env.js";
import { yaml } from "../../../src/runtime/configuration/formats/yaml.js";
import { hideSecrets, withSecrets } from "../../../src/runtime/configuration/hidden.js";

await prepareFormats();

const hide = (text: string, format = env) => hideSecrets(text, format.read(text).values, format.name);

test("every secret has a mark, and the marks bring back every byte", () => {
  const text =
    "A=1\nMY_TOKEN='a b' # é hf_abcdefghijklmnopqrst\nOTHER_KEY=x*y\nURL=https://me:pass@host/\nEMPTY_TOKEN=\n";
  const { text: shown, secrets } = hide(text);
  expect(shown).toBe(
    "A=1\nMY_TOKEN=«secret MY_TOKEN» # é hf_«secret 1»\nOTHER_KEY=«secret OTHER_KEY»\nURL=https://«secret 2»@host/\nEMPTY_TOKEN=\n",
  );
  expect(withSecrets(shown, secrets)).toBe(text);
});

test("what is in quotes stays text in its format, also when two have one name", () => {
  const text = "a: {token: abc}\nb: {token: def}\na.token: ghi\nmax_tokens: 5\n";
  const { text: shown, secrets } = hide(text, yaml);
  expect(shown).toBe(
    'a: {token: "«secret a.token»"}\nb: {token: "«secret b.token»"}\na.token: "«secret a.token 2»"\nmax_tokens: 5\n',
  );
  expect(withSecrets(shown, secrets)).toBe(text);
});

test("a mark that stands for nothing is refused; one that is in a secret itself is not", () => {
  const { text, secrets } = hide("A_KEY=b\n");
  expect(() => withSecrets(text.replace("A_KEY»", "B_KEY»"), secrets)).toThrow("«secret B_KEY» stands for no secret");
  const own = "A_KEY=«secret x»\n";
  const hidden = hide(own);
  expect(withSecrets(hidden.text, hidden.secrets)).toBe(own);
});
