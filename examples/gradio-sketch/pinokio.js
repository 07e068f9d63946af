module.exports = {
  version: "3.7",
  title: "Gradio Sketch",
  description: "Draws spirals from three numbers, in a page made with Gradio",
  icon: "icon.svg",
  menu: async (kernel, info) => {
    const installed = info.exists("app/env");
    const running = {
      install: info.running("install.js"),
      start: info.running("start.js"),
      reset: info.running("reset.js"),
    };
    if (running.install) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Installing", href: "install.js" }];
    }
    if (running.reset) {
      return [{ default: true, icon: "fa-solid fa-terminal", text: "Resetting", href: "reset.js" }];
    }
    if (!installed) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Install", href: "install.js" }];
    }
    if (running.start) {
      const { url } = info.local("start.js");
      const terminal = { icon: "fa-solid fa-terminal", text: "Terminal", href: "start.js" };
      if (!url) return [{ default: true, ...terminal }];
      return [{ default: true, icon: "fa-solid fa-rocket", text: "Open Web UI", href: url }, terminal];
    }
    return [
      { default: true, icon: "fa-solid fa-power-off", text: "Start", href: "start.js" },
      { icon: "fa-solid fa-plug", text: "Reinstall", href: "install.js" },
      { icon: "fa-regular fa-circle-xmark", text: "Reset", href: "reset.js" },
    ];
  },
};
