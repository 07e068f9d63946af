import { expect, jest, test } from "@jest/globals";
import { createNotificationBoard, type Notifications } from "../../src/labextension/notification-board.js";
import type { Toast } from "../../src/widgets/told/toast.js";

const toast = (change: Partial<Toast> = {}): Toast => ({
  id: "1",
  level: "success",
  from: "Hello",
  text: "Half done",
  lastsMs: null,
  action: null,
  ...change,
});

type Shown = { message: string; type?: string } & NonNullable<Parameters<Notifications["emit"]>[2]>;

/** As JupyterLab keeps them, which cannot be loaded outside of a browser. */
function boardWith() {
  const shown = new Map<string, Shown>();
  let count = 0;
  const notifications: Notifications = {
    emit: (message, type = "info", options = {}) => {
      const id = `n${++count}`;
      shown.set(id, { message, type, ...options });
      return id;
    },
    update: ({ id, message = "", ...options }) => {
      if (!shown.has(id)) return false;
      shown.set(id, { message, ...options });
      return true;
    },
    dismiss: (id) => (id === undefined ? shown.clear() : void shown.delete(id)),
  };
  return { board: createNotificationBoard(notifications), shown: () => [...shown.values()], notifications };
}

test("what an app says is a notification with its name, its level and how long it stays", () => {
  const { board, shown } = boardWith();
  board.show(toast({ lastsMs: 500 }));
  board.show(toast({ id: "2" }));
  expect(shown()).toMatchObject([
    { message: "Hello: Half done", type: "success", autoClose: 500 },
    { message: "Hello: Half done", autoClose: false },
  ]);
});

test("said again it changes the one that is there, and it can be taken away", () => {
  const { board, shown, notifications } = boardWith();
  board.show(toast());
  board.show(toast({ text: "All done" }));
  expect(shown()).toMatchObject([{ message: "Hello: All done" }]);
  board.remove("1");
  expect(shown()).toEqual([]);
  board.show(toast({ text: "Again" }));
  notifications.dismiss();
  board.show(toast({ text: "Once more" }));
  expect(shown()).toMatchObject([{ message: "Hello: Once more" }]);
});

test("its button does what it says and leaves the notification there", () => {
  const { board, shown } = boardWith();
  const press = jest.fn();
  board.show(toast({ action: { label: "Open", press } }));
  const [action] = shown()[0]?.actions ?? [];
  const click = new MouseEvent("click", { cancelable: true });
  action?.callback(click);
  expect([action?.label, click.defaultPrevented]).toEqual(["Open", true]);
  expect(press).toHaveBeenCalledTimes(1);
});
