interface ColabKernel {
  proxyPort(port: number, options?: { cache?: boolean }): Promise<string>;
}

/** Colab's functions for code in a cell's output, or null anywhere else. */
export function colabKernel(page: object): ColabKernel | null {
  const google: unknown = (page as { google?: unknown }).google;
  const kernel = (google as { colab?: { kernel?: ColabKernel } } | undefined)?.colab?.kernel;
  return typeof kernel?.proxyPort === "function" ? kernel : null;
}
