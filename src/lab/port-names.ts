// The names of well-known ports, as this machine's services file lists them.

import { readFileSync } from "node:fs";

/** TCP and UDP number their ports separately, so a name belongs to a number and a protocol. */
export type Transport = "tcp" | "udp";

const SERVICES_FILE =
  process.platform === "win32"
    ? `${process.env.SystemRoot ?? "C:\\Windows"}\\System32\\drivers\\etc\\services`
    : "/etc/services";

// The lab's own ports of interest, for a machine (a small container, say) without the file.
// Source: IANA Service Name and Transport Protocol Port Number Registry.
const WITHOUT_FILE = `
  ssh 22/tcp
  domain 53/tcp
  domain 53/udp
  http 80/tcp
  https 443/tcp
  shell 514/tcp
  syslog 514/udp
`;

/** Reads the format of services(5), `name port/protocol aliases # comment`; the first name wins. */
export function parseServices(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, key] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (name && key && /^\d+\/\w+$/.test(key) && !names.has(key)) names.set(key, name);
  }
  return names;
}

let known: Map<string, string> | undefined;

/** The name of `port` on this machine (`portName(22, "tcp")` is `"ssh"`), or undefined. */
export function portName(port: number, transport: Transport): string | undefined {
  if (known === undefined) {
    known = parseServices(WITHOUT_FILE);
    try {
      for (const [key, name] of parseServices(readFileSync(SERVICES_FILE, "utf8"))) {
        known.set(key, name);
      }
    } catch {
      // No services file: the registry's names above have to do.
    }
  }
  return known.get(`${port}/${transport}`);
}
