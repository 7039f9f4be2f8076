// What the web server of Part 4 serves, and what a started one looks like to the notebook.

/** Files of a site: name to contents. A name ending in `.shtml` holds server-side includes. */
export type Site = Readonly<Record<string, string>>;

/** A running web server. `stop` resolves when its process and its files are gone. */
export interface WebServer {
  /** `"Apache"` or `"Node"`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Every file carries this date, so that `Last-Modified` and `ETag` are the same on every run. */
export const SITE_DATE = new Date("2025-12-16T10:30:00Z");

/** Throws unless every name is a plain file name: a site is one folder. */
export function checkSite(site: Site): void {
  for (const name of Object.keys(site)) {
    if (!/^\w[\w.-]*$/.test(name)) throw new Error(`"${name}" is not a plain file name`);
  }
}
