import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { waitFor } from "@testing-library/dom";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { createLiveModels, type OutputRenderer, sayWhatIsGone } from "../../src/labextension/saved-output.js";
import { untranslated } from "../../src/widgets/view.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const PART = "application/vnd.pinokiocloud.part+json";
const APP = { [WIDGET]: { model_id: "m1" }, [PART]: { view: "app", app: "hello" } };

/** Draws what the widget manager would. */
class StandIn extends Widget {
  renderModel(output: { data: Readonly<Record<string, unknown>> }): Promise<void> {
    this.node.textContent = `view of ${(output.data[WIDGET] as { model_id: string }).model_id}`;
    return Promise.resolve();
  }
}

let models: ReturnType<typeof createLiveModels>;
let shown: OutputRenderer[];
beforeEach(() => {
  models = createLiveModels();
  shown = [];
});
afterEach(() => {
  for (const widget of shown) widget.dispose();
});

interface Notebook {
  ready?: Promise<void>;
  /** The models that its kernel holds, or null without a kernel. */
  comms?: Promise<object> | null;
}

function draw(data: Record<string, unknown>, { ready = Promise.resolve(), comms = null }: Notebook = {}) {
  const kernel =
    comms === null ? null : { requestCommInfo: async () => ({ content: { status: "ok", comms: await comms } }) };
  let make: (() => OutputRenderer) | null = null;
  sayWhatIsGone(
    {
      addFactory: ({ mimeTypes, createRenderer }, rank) => {
        expect(mimeTypes).toEqual([PART]);
        expect(rank).toBeLessThan(-10);
        make = createRenderer;
      },
      createRenderer: () => new StandIn(),
    },
    { ready, session: kernel === null ? null : { kernel } },
    models,
    untranslated,
  );
  const widget = make!();
  shown.push(widget);
  MessageLoop.sendMessage(widget, Widget.Msg.BeforeAttach);
  document.body.append(widget.node);
  void widget.renderModel({ data });
  return widget.node;
}

test.each([
  [{ view: "app", app: "hello" }, "Run the setup cell, then this cell again, to see the page of hello"],
  [{ view: "running", app: "" }, "Run the setup cell, then this cell again, to see what runs"],
  [{ view: "frame", app: "" }, "Run the setup cell to see the tabs"],
  ["not what is written", "Run the setup cell to see the tabs"],
])("a saved notebook without a kernel says what to do: %j", async (part, words) => {
  const node = draw({ ...APP, [PART]: part });
  await waitFor(() => expect(node.textContent).toBe(`PinokioCloud ${words}`));
});

test("a kernel that does not have the view's model is as good as none", async () => {
  const node = draw(APP, { comms: Promise.resolve({ other: {} }) });
  await waitFor(() => expect(node.textContent).toContain("then this cell again"));
});

test("a view whose model is here is drawn at once", () => {
  models.add("m1");
  expect(draw(APP).textContent).toBe("view of m1");
});

test("a view whose kernel has its model is drawn, and nothing else is said meanwhile but that it is waited for", async () => {
  let answer: (comms: object) => void = () => undefined;
  const node = draw(APP, { comms: new Promise((resolve) => (answer = resolve)) });
  await waitFor(() => expect(node.textContent).toBe("PinokioCloud Waiting for the kernel"));
  answer({ m1: {} });
  await waitFor(() => expect(node.textContent).toBe("view of m1"));
});

test("a view appears as soon as its model does: before the kernel answers, and after it was said to be gone", async () => {
  const waiting = draw(APP, { comms: new Promise(() => undefined) });
  const gone = draw(APP);
  await waitFor(() => expect(gone.textContent).toContain("then this cell again"));
  models.add("another");
  expect(waiting.textContent).not.toContain("view");
  models.add("m1");
  expect([waiting, gone].map((node) => node.textContent)).toEqual(["view of m1", "view of m1"]);
  models.remove("m1");
  const later = draw(APP);
  await waitFor(() => expect(later.textContent).toContain("then this cell again"));
});

test("what is removed while the kernel is asked says nothing more", async () => {
  let answer: (comms: object) => void = () => undefined;
  const comms = new Promise<object>((resolve) => (answer = resolve));
  const node = draw(APP, { comms });
  shown.pop()?.dispose();
  answer({});
  await comms;
  await new Promise((resolve) => setTimeout(resolve));
  expect(node.textContent).toBe("");
});
