module.exports = {
  version: "3.7",
  title: "Vite Notes",
  description: "A page of notes that stay in the browser, served by Vite",
  icon: "icon.svg",
  menu: async (kernel, info) => {
    const installed = info.exists("app/node_modules");
    if (info.running("install.js")) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Installing", href: "install.js" }];
    }
    if (!installed) {
      return [{ default: true, icon: "fa-solid fa-plug", text: "Install", href: "install.js" }];
    }
    if (info.running("start.js")) {
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
