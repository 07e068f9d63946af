module.exports = {
  run: [
    {
      method: "shell.run",
      params: {
        venv: "env",
        path: "app",
        message: ["uv pip install -r requirements.txt"],
      },
    },
    {
      method: "log",
      params: { text: "Installed. Press Start, then Open Web UI." },
    },
  ],
};
