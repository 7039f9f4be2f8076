// Looks at what the lab can use on this machine: Node, free ports, and the tools of some parts.

import { execFile } from "node:child_process";
import { SocketError } from "../sockets/errors";
import { listen } from "../sockets/tcp";
import { bind } from "../sockets/udp";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "./find-program";

/** One thing the lab looked for. `how` says what to do where it is missing. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly usedFor: string;
  readonly how: readonly string[];
}

interface Tool {
  readonly name: string;
  readonly commands: readonly string[];
  readonly versionFlag: string;
  readonly usedFor: string;
  readonly how: readonly string[];
}

const OLDEST_NODE = [20, 19] as const;
const VERSION_LIMIT_MS = 3_000;

const getIt = (debian: string, fedora: string, macOS: string) => [
  `Debian, Ubuntu   ${debian}`,
  `Fedora           ${fedora}`,
  `macOS            ${macOS}`,
];
const install = (debian: string, fedora: string, macOS = "is part of the system") =>
  getIt(`sudo apt-get install ${debian}`, `sudo dnf install ${fedora}`, macOS);

const TOOLS: readonly Tool[] = [
  {
    name: "curl",
    commands: ["curl"],
    versionFlag: "--version",
    usedFor: "a ready-made HTTP client to compare ours with (Parts 4 and 6)",
    how: install("curl", "curl"),
  },
  {
    name: "Apache",
    commands: ["apache2", "httpd"],
    versionFlag: "-v",
    usedFor: "a widely used web server, to talk to by hand (Part 4)",
    how: install("apache2", "httpd", "brew install httpd"),
  },
  {
    name: "Python",
    commands: ["python3", "python"],
    versionFlag: "--version",
    usedFor: "clients and servers in another language, to talk to ours (Parts 2 and 3)",
    how: install("python3", "python3", "xcode-select --install"),
  },
  {
    name: "nc",
    commands: ["nc", "ncat"],
    versionFlag: "-h",
    usedFor: "a bare socket at your keyboard (Parts 2 and 3)",
    how: install("netcat-openbsd", "netcat"),
  },
  {
    name: "screen",
    commands: ["screen"],
    versionFlag: "--version",
    usedFor: "a server that runs on after you leave its terminal (Parts 2 to 4)",
    how: install("screen", "screen"),
  },
  {
    name: "logger",
    commands: ["logger"],
    versionFlag: "--version",
    usedFor: "writes to a syslog server, such as ours (Part 3)",
    how: getIt(
      "sudo apt-get install bsdutils",
      "sudo dnf install util-linux",
      "brew install util-linux",
    ),
  },
];

const toolFolders = () => [...pathFolders(), ...ADMIN_FOLDERS];

/** The version a tool prints of itself; many print none, or exit with an error after it. */
function askVersion(file: string, flag: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(file, [flag], { timeout: VERSION_LIMIT_MS }, (_error, out, err) =>
      resolve(/\d+\.\d[\w.-]*/.exec(out + err)?.[0]),
    );
    child.stdin?.end();
  });
}

async function findTool(tool: Tool, folders: readonly string[]): Promise<Finding> {
  const { name, commands, versionFlag, usedFor, how } = tool;
  const file = findProgram(commands, folders);
  if (file === undefined) return { name, ok: false, detail: "not found", usedFor, how };
  const version = await askVersion(file, versionFlag);
  return { name, ok: true, detail: version ?? "is here", usedFor, how };
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return {
    name: "Node",
    ok,
    detail: process.versions.node,
    usedFor: "runs every cell, program and test of the lab",
    how: [`version ${OLDEST_NODE.join(".")} or later from https://nodejs.org`],
  };
}

async function checkPort(
  port: number,
  transport: "TCP" | "UDP",
  usedFor: string,
): Promise<Finding> {
  const name = `${transport} ${port}`;
  const how = ["nothing to do: cells take another port and say which"];
  try {
    const socket = await (transport === "TCP" ? listen({ port }) : bind({ port }));
    await socket.close();
    return { name, ok: true, detail: "free", usedFor, how };
  } catch (error) {
    const taken = error instanceof SocketError && error.code === "ADDRESS_IN_USE";
    return { name, ok: false, detail: taken ? "in use" : "not free", usedFor, how };
  }
}

/**
 * Looks for everything the lab can use here; nothing but Node is needed to run it. Tools are
 * looked for in `folders`: by default those of the PATH, and where administrators' programs are.
 */
export async function lookAtThisMachine(folders = toolFolders()): Promise<Finding[]> {
  return [
    checkNode(),
    ...(await Promise.all([
      checkPort(8080, "TCP", "tcp_server listens here (Part 2)"),
      checkPort(9090, "UDP", "udp_server listens here (Part 3)"),
      checkPort(8000, "TCP", "our HTTP servers listen here (Parts 4 and 6)"),
      ...TOOLS.map((tool) => findTool(tool, folders)),
    ])),
  ];
}

/** A line for each finding, and beneath what is missing, how to get it. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines: string[] = [];
  for (const { name, ok, detail, usedFor, how } of findings) {
    lines.push(`${ok ? "yes" : "no "}  ${name.padEnd(9)} ${detail.padEnd(10)} ${usedFor}`);
    if (!ok) lines.push(...how.map((step) => `       ${step}`));
  }
  return lines.join("\n");
}
