/** Runs a program's `main` when its file is what Node was started with. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXIT_FAILURE, EXIT_OK, type Main } from "./program";
import { safeText } from "./safe-text";
import { mapStack } from "./stack-map";

/** What a shell reports for a program that Ctrl+C ended: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs `main` with the process's arguments if `url` (the `import.meta.url` of the program's file)
 * is what Node was started with, and does nothing otherwise (it was imported). `map` is the path
 * of the file's source map, by default its own with `.map` added.
 *
 * SIGINT and SIGTERM stop the program; a second one ends the process at once with exit code 130.
 * A closed standard output (`| head`) stops it quietly. A bug prints its stack, mapped to the
 * notebook. When `main` has ended and its output is written, the process exits even if something
 * is still open: a program that has said its last word does not hang.
 */
export async function runAsMain(main: Main, url: string, map?: string): Promise<void> {
  if (!isEntry(url)) return;
  const stop = new AbortController();
  const describeBug = (error: unknown) => mapStack(stackOf(error), url, map);
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
    stop.abort(new Error("the program was told to stop"));
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_OK); // the reader of our output has seen enough
  };
  const onBug = (error: unknown) => {
    process.stderr.write(safeText(`${describeBug(error)}\n`), () => process.exit(EXIT_FAILURE));
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  process.stdout.on("error", onOutputError);
  process.stderr.on("error", () => {});
  process.on("uncaughtException", onBug); // unhandled rejections arrive here too
  const code = await main(process.argv.slice(2), { signal: stop.signal, describeBug });
  process.exitCode = code;
  for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}

/** Node follows symbolic links to the main file, so compare what they lead to. */
function isEntry(url: string): boolean {
  const started = process.argv[1];
  if (started === undefined) return false;
  try {
    return realpathSync(started) === realpathSync(fileURLToPath(url));
  } catch {
    return false;
  }
}

/** Resolves when what was written so far has left the process (a pipe may take it later). */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
