import { serveLaunchers } from "./base/serve-launchers.js";
import { checkApp } from "./check/check-app.js";
import { openApp } from "./check/open-app.js";
import { pretendMachine } from "./check/pretend-machine.js";
import { findMethod, methodsLike } from "./methods/index.js";
import { cutCheckedApp } from "./protocol/check.js";
import { PinokioError } from "./protocol/errors.js";

// A process of its own beside the launcher host: menus, which are wanted far more often, start without the methods.
serveLaunchers(async (request, reply) => {
  const { id, kind, appDir } = request;
  if (kind !== "check") throw new PinokioError("internal", "This host checks apps and nothing else");
  const { machine, skip } = request;
  pretendMachine(machine);
  const loader = openApp(appDir, { machine, skip, at: (place) => reply({ id, kind: "at", place }) });
  const checked = await checkApp({ machine, loader, methods: { find: findMethod, like: methodsLike } });
  return { id, kind, value: cutCheckedApp(checked) };
});
