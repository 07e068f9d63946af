import { maskSecrets } from "../base/mask-secrets.js";
import type { MenuItem } from "../protocol/apps.js";
import type { LauncherMenu } from "../protocol/launcher.js";

/** What an app's launcher says, as people read it; what its scripts are started with stays as it is. */
export function shownMenu(launcher: LauncherMenu, known: readonly Buffer[]): LauncherMenu {
  const shown = (text: string): string => maskSecrets(text, known);
  const itemOf = (item: MenuItem): MenuItem => {
    const { text, confirm, href, menu } = item;
    return {
      ...item,
      ...(text === undefined ? {} : { text: shown(text) }),
      ...(confirm === undefined ? {} : { confirm: shown(confirm) }),
      ...(href === undefined || !/^https?:/i.test(href) ? {} : { href: shown(href) }),
      ...(menu === undefined ? {} : { menu: menu.map(itemOf) }),
    };
  };
  const { title, description, menu } = launcher;
  return { ...launcher, title: shown(title), description: shown(description), menu: menu.map(itemOf) };
}
