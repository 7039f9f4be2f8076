// What the servers that are measured beside each other have in common: the page, and how they start and end.

/** The page that all of them serve: the first argument. */
export const page = process.argv[2] ?? "<!DOCTYPE html>\n<h1>Hello</h1>\n";

export const contentType = "text/html; charset=utf-8";

/** Tells the parent process where to find the server, and ends this process when the parent is gone. */
export function listening(port: number): void {
  console.log(`listening on 127.0.0.1:${port}`);
  process.stdin.resume().on("end", () => process.exit());
}
