// Builds three pages, the main window, the pop-up and the wallboard, into dist/ for the app; with `--mode mock` into dist-mock/, where an
// in-browser practice world stands in for the core so that the pages run in any browser.
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig(({ mode }) => {
  const mock = mode === "mock" || mode === "test" || process.env.VITE_MOCK === "1";
  return {
    root,
    plugins: [react()],
    define: { __MOCK__: JSON.stringify(mock) },
    clearScreen: false,
    server: { port: 1420, strictPort: true, host: process.env.TAURI_DEV_HOST ?? false },
    css: { modules: { generateScopedName: "[name]-[local]" } },
    build: {
      outDir: mock ? "dist-mock" : "dist",
      emptyOutDir: true,
      target: "safari16",
      // Inlined assets would be data: URLs, which the content security policy allows for images only.
      assetsInlineLimit: 0,
      // Read from the disk, not from a network; what the pages weigh is held by tests/ui/size.test.mjs.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        input: {
          main: resolve(root, "index.html"),
          popup: resolve(root, "popup.html"),
          wallboard: resolve(root, "wallboard.html"),
        },
      },
    },
    test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
  };
});
