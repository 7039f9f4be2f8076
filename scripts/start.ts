/** `npm start`: step through the lab in the terminal; without one, run every part. */
import { runCommand } from "../src/tools/notebook/command";
import { findNotebooks } from "../src/tools/notebook/files";

const HELP = `Usage: npm start [-- PART]

Steps through the lab in this terminal, in the real kernel; PART (02, 02-tcp) opens that part at once,
practice/02 your own copy of it.
Without a terminal on standard input every part of the lab runs from the top, or what is named:
  npm start </dev/null
  npm start -- 02 practice/03 </dev/null`;

await runCommand({ help: HELP, positionals: "any" }, async ({ positionals }) => {
  const root = process.cwd();
  const files = await findNotebooks(root, positionals);
  const { stdin, stdout, env } = process;
  // Each way loads only what it needs: the first screen should be there at once.
  if (!stdin.isTTY || !stdout.isTTY) {
    const { runHeadless } = await import("../src/tools/stepper/headless");
    return runHeadless(root, files);
  }
  const { runApp } = await import("../src/tools/stepper/app");
  const file = positionals.length > 0 ? files[0] : undefined;
  return runApp({
    root,
    ...(file !== undefined && { file }),
    startKernel: async (options) => {
      const { prepareKernels, startKernel } = await import("../src/tools/kernel/client");
      const kernel = await startKernel({ env, ...options });
      // Behind the first pages, for the next kernel.
      void prepareKernels({ env, signal: options.signal });
      return kernel;
    },
    stdin,
    stdout,
    env,
  });
});
