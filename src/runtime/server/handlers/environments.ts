import type { AppId } from "../../protocol/ids.js";
import type { EnvironmentDetails, EnvironmentList } from "../../protocol/environments.js";
import type { Handlers } from "./handler.js";

export interface EnvironmentParts {
  environments: {
    list(app?: AppId): Promise<EnvironmentList>;
    show(id: string): Promise<EnvironmentDetails>;
    select(id: string | null, how: { make: boolean }): Promise<EnvironmentList>;
    remove(id: string, how: { despiteUse: boolean }): Promise<string>;
  };
}

export const environmentHandlers = ({
  environments,
}: EnvironmentParts): Handlers<
  "environments.list" | "environments.show" | "environments.select" | "environments.remove"
> => ({
  "environments.list": ({ app }) => environments.list(app),
  "environments.show": ({ id }) => environments.show(id),
  "environments.select": ({ id, make = false }) => environments.select(id, { make }),
  "environments.remove": async ({ id, despiteUse = false }) => ({
    entry: await environments.remove(id, { despiteUse }),
  }),
});
