// What the kernel says about itself, and the requests that need no compiler.

import { type Content, PROTOCOL_VERSION } from "./protocol";

export interface Versions {
  /** This kernel. */
  kernel: string;
  tslab: string;
  typescript: string;
}

/** The content of kernel_info_reply. */
export function kernelInfo(versions: Versions): Content {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "socket-lab",
    implementation_version: versions.kernel,
    language_info: {
      name: "typescript",
      version: versions.typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // JupyterLab reads `mode`; the classic notebook reads `name` and `typescript`.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `Socket Lab: TypeScript ${versions.typescript} on tslab ${versions.tslab}, Node.js ${process.versions.node}`,
    debugger: false,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/api/" },
      { text: "tslab", url: "https://github.com/yunabe/tslab" },
    ],
  };
}

/** The reply to a request about widgets, which this kernel does not have; undefined for every other request. */
export function emptyReply(msgType: string): Content | undefined {
  return msgType === "comm_info_request" ? { status: "ok", comms: {} } : undefined;
}

/** The reply to a request that this kernel does not know. */
export function unsupported(msgType: string): Content {
  return {
    status: "error",
    ename: "UnsupportedRequest",
    evalue: `this kernel does not support ${msgType}`,
    traceback: [],
  };
}
