/** Leads the stack of an extracted program back to the notebook, the cell and the line. */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Rewrites a stack's positions in `scriptUrl` (`dist/tcp_server.mjs`) with the source map beside
 * it (`dist/tcp_server.mjs.map`): `notebooks/02-tcp.ipynb#tcp-server:12:5`. Without a map, or with
 * one that cannot be read, the stack stays as it is.
 */
export function mapStack(stack: string, scriptUrl: string, mapPath?: string): string {
  const file = fileURLToPath(scriptUrl);
  const map = readMap(mapPath ?? `${file}.map`);
  if (map === undefined) return stack;
  return stack.replace(
    /(?:file:\/\/)?(\/?[^\s()]+):(\d+):(\d+)/g,
    (position, path, line, column) => {
      if (!samePath(position, path, file, scriptUrl)) return position;
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!("originalSource" in entry) || entry.originalSource === undefined) return position;
      return `${sourceName(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    },
  );
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined; // a program that was copied without its map runs all the same
  }
}

function samePath(position: string, path: string, file: string, url: string): boolean {
  return position.startsWith(`${url}:`) || path === file;
}

/** `../notebooks/02-tcp.ipynb%23tcp-server`, as a map writes it, for a person. */
function sourceName(source: string): string {
  return decodeURIComponent(source).replace(/^(?:\.\.\/)+/, "");
}
