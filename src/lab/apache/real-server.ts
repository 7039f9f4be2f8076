// A web server that we did not write, for Part 4 to talk to: Apache, or Node's where it is missing.

import { type Apache, findApache } from "./find-apache";
import type { Site, WebServer } from "./site";
import { startApache } from "./start-apache";
import { startNode } from "./start-node";

const HOW_TO_INSTALL = `Apache is not on this machine. To see it answer, install it and run this cell again:
  Debian, Ubuntu   sudo apt-get install apache2
  Fedora           sudo dnf install httpd
  macOS            brew install httpd
Going on with Node's own HTTP server.`;

/**
 * Starts Apache with `site`; without Apache, says so through `log` and starts Node's HTTP server,
 * except under continuous integration (environment variable `CI`), where that is an error.
 */
export async function startRealServer(
  site: Site,
  log: (line: string) => void = console.log,
  find: () => Apache | undefined = findApache,
): Promise<WebServer> {
  const apache = find();
  if (apache !== undefined) return startApache(apache, site);
  if (process.env.CI) throw new Error("Apache (apache2 or httpd) has to be installed in CI");
  log(HOW_TO_INSTALL);
  return startNode(site);
}
