module.exports = {
  version: "3.7",
  title: "Hello Server",
  description: "A small web page with a counter, to try everything with: it installs in seconds and downloads nothing",
  icon: "icon.svg",
  menu: async (kernel, info) => {
    const installed = info.exists("app/env");
    const running = {
      install: info.running("install.json"),
      start: info.running("start.json"),
    };
    if (running.install) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Installing", href: "install.json" }];
    }
    if (!installed) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Install", href: "install.json" }];
    }
    if (running.start) {
      const { url } = info.local("start.json");
      if (url) {
        return [
          { default: true, icon: "fa-solid fa-rocket", text: "Open Web UI", href: url },
          { icon: "fa-solid fa-terminal", text: "Terminal", href: "start.json" },
        ];
      }
      return [{ default: true, icon: "fa-solid fa-terminal", text: "Terminal", href: "start.json" }];
    }
    return [
      { default: true, icon: "fa-solid fa-power-off", text: "Start", href: "start.json" },
      { icon: "fa-solid fa-plug", text: "Reinstall", href: "install.json" },
    ];
  },
};
