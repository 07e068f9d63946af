import { useId, useState } from "react";
import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { byEscape } from "../by-escape.js";
import { type Answer, useAction, useAnswer, useHost, useObstacle, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FoldedSection } from "../parts/folded-section.js";

type Secret = ReplyOf<"config.secrets">[number];

/** Offered also before an app asks for it: most models that want a token want this one. */
const OFFERED: readonly Secret[] = [{ name: "HF_TOKEN", apps: [], setFor: [], isSet: false }];
const NAME = /^[A-Za-z_]\w{0,99}$/;

/** Tokens and other secrets that apps ask for: they can be given and taken away, never read. */
export function SecretsSection() {
  const { t } = useHost();
  return (
    <FoldedSection id="secrets" title={t("Tokens and other secrets")}>
      <p className="pk-soft">
        {t(
          "Kept in this home where only you can read them, and given to the apps that ask for them by name. They are shown nowhere.",
        )}
      </p>
      <Secrets />
    </FoldedSection>
  );
}

/** Which ones are asked for is looked up in every app: only when somebody wants to see it. */
function Secrets() {
  const apps = useSnapshot()?.apps ?? [];
  const answer = useAnswer("config.secrets", {}, apps.map(({ id, state }) => `${id} ${state}`).join(" "));
  const { value: known, error } = answer;
  const shown = [...(known ?? []), ...OFFERED.filter(({ name }) => known?.every((one) => one.name !== name))];
  return (
    <>
      {error === null ? null : <ErrorCard error={error} />}
      {known === null ? null : (
        <>
          <ul className="pk-rows pk-secret-rows">
            {shown.map((secret) => (
              <li key={secret.name}>
                <SecretRow secret={secret} answer={answer} />
              </li>
            ))}
          </ul>
          <NewSecret names={shown.map(({ name }) => name)} answer={answer} />
        </>
      )}
    </>
  );
}

interface SecretRowProps {
  secret: Secret;
  answer: Answer<unknown>;
}

function SecretRow({ secret: { name, apps, setFor, isSet }, answer }: SecretRowProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [isOpen, setOpen] = useState(false);
  const isThere = isSet || setFor.length > 0;
  const state = isSet
    ? t("Set")
    : isThere
      ? t("Set for {some} of {all} apps", { some: setFor.length, all: apps.length })
      : t("Not set");
  const forget = () =>
    action.start(async () => {
      await client.request("config.setSecrets", { values: { [name]: null } });
      answer.refresh();
    });
  return (
    <>
      <div className="pk-secret-line">
        <div className="pk-secret-name">
          <code>{name}</code>
          <span className="pk-soft">
            {state}
            {apps.length === 0 ? "" : ` · ${t("for {apps}", { apps: apps.join(", ") })}`}
          </span>
        </div>
        <div className="pk-actions">
          <Button kind="quiet" expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isThere ? t("Replace") : t("Set")}
          </Button>
          {isThere ? (
            <Button kind="quiet" obstacle={obstacle} busy={action.busy} onPress={forget}>
              {t("Forget")}
            </Button>
          ) : null}
        </div>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {isOpen ? (
        <ValueForm
          name={name}
          onSaved={() => {
            setOpen(false);
            answer.refresh();
          }}
        />
      ) : null}
    </>
  );
}

function NewSecret({ names, answer }: { names: readonly string[]; answer: Answer<unknown> }) {
  const { t } = useHost();
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <Button kind="quiet" icon="plus" onPress={() => setName("")}>
        {t("Another one")}
      </Button>
    );
  }
  const problem = !NAME.test(name)
    ? t("A name holds letters, digits and underscores")
    : names.includes(name)
      ? t("There is one of that name")
      : null;
  return (
    <div className="pk-secret-new" {...byEscape(() => setName(null))}>
      <input
        type="text"
        className="pk-input"
        aria-label={t("Name of the secret")}
        placeholder={t("NAME")}
        spellCheck={false}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
      />
      <ValueForm
        name={name}
        problem={problem}
        onSaved={() => {
          setName(null);
          answer.refresh();
        }}
      />
    </div>
  );
}

interface ValueFormProps {
  name: string;
  problem?: string | null;
  onSaved(): void;
}

function ValueForm({ name, problem = null, onSaved }: ValueFormProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const id = useId();
  const [value, setValue] = useState("");
  const reason = obstacle ?? problem ?? (value.trim() === "" ? t("Enter a value first") : null);
  const save = () =>
    action.start(async () => {
      await client.request("config.setSecrets", { values: { [name]: value.trim() } });
      onSaved();
    });
  return (
    <form
      className="pk-token"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null && !action.busy) save();
      }}
    >
      <label htmlFor={id} className="pk-hidden">
        {t("Value of {name}", { name })}
      </label>
      <span className="pk-token-line">
        <input
          id={id}
          type="password"
          autoComplete="new-password"
          placeholder={t("value")}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button submits kind="primary" obstacle={reason} busy={action.busy} onPress={() => undefined}>
          {t("Save")}
        </Button>
      </span>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </form>
  );
}
