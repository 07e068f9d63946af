const SECRET_NAMES = /TOKEN|SECRET|PASSWORD|PASSWD|PASSCODE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|_KEY$/i;

/** Counts of a model's tokens, and names of files that hold one, are no secrets. */
const NO_SECRETS =
  /TOKENIZER|(?:MAX|MIN|NUM|TOTAL|NEW|STOP|EOS|BOS|PAD)[_-]?\w*TOKENS?\b|TOKENS$|_(?:PATH|FILE|DIR|URL)$/i;

/** Whether a variable or setting of this name holds what nobody else may see. */
export const isSecretName = (name: string): boolean => SECRET_NAMES.test(name);

/** The same for a setting in a file of an app, where a name may also speak of a model's tokens. */
export const isSecretSetting = (path: readonly string[]): boolean =>
  path.some((written) => {
    const name = written.replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/[^A-Za-z\d]+/g, "_");
    return isSecretName(name) && !NO_SECRETS.test(name);
  });
