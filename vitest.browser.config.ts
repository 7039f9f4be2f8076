import { defineConfig } from "vitest/config";

/** The tests that need a browser or Jupyter: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts", "test/browser/jupyter/global-setup.ts"],
    setupFiles: ["test/support/file-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
