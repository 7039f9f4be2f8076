/** Servers that count by client, and not quite. */
import { response } from "../../../../src/http/response";
import { serve } from "../../../../src/http/server";
import { program } from "../../../../src/program/program";
import type { Wrong } from "../support/wrong";

type Fault =
  | "never"
  | "always"
  | "connection"
  | "half"
  | "no retry"
  | "a date"
  | "global"
  | "for ever"
  | "off by one"
  | "unbounded"
  | "oldest out"
  | "newcomers out"
  | "no room";

interface Window {
  start: number;
  requests: number;
}

function limited(fault: Fault) {
  const count = { type: "integer", description: "" } as const;
  return program({
    name: "limited_server",
    about: "Is wrong.",
    port: 8000,
    options: {
      requests: { ...count, default: 20 },
      window: { ...count, default: 1_000 },
      addresses: { ...count, default: 1_000 },
    },
    async run({ host, port, signal, options: { requests, window: ms, addresses }, print }) {
      const windows = new Map<string, Window>();
      const max =
        fault === "half" ? requests / 2 : fault === "off by one" ? requests + 1 : requests;
      const seconds = (address: string): number => {
        const now = performance.now();
        const isOver = ({ start }: Window) => now - start >= ms && fault !== "for ever";
        for (const [known, window] of windows) {
          if (isOver(window) && (known === address || fault !== "no room")) windows.delete(known);
        }
        let key = address;
        if (!windows.has(address) && windows.size >= addresses && fault !== "unbounded") {
          if (fault === "newcomers out") return 1;
          if (fault === "oldest out") windows.delete([...windows.keys()][0] ?? "");
          else key = "others";
        }
        const window = windows.get(key) ?? { start: now, requests: 0 };
        window.requests += 1;
        windows.set(key, window);
        return window.requests <= max ? 0 : Math.ceil((window.start + ms - now) / 1000) || 1;
      };
      const server = await serve({ host, port, signal }, ({ remote }) => {
        const who =
          fault === "global" ? "all" : fault === "connection" ? `${remote.port}` : remote.host;
        const wait = fault === "never" ? 0 : fault === "always" ? 1 : seconds(who);
        if (wait === 0) return response(200, "fine");
        if (fault === "no retry") return response(429, "too many");
        return response(429, "too many", {
          "Retry-After": fault === "a date" ? "soon" : String(wait),
        });
      });
      print(`listening on ${server.url}`);
      await server.closed;
    },
  });
}

const wrong = (fault: Fault, step: string, what: string): Wrong => ({
  fault: what,
  step,
  programs: { limited_server: limited(fault) },
});

const BEYOND = "answers 20 requests of an address in a second, and 429 to what is beyond";
const RETRY = "says in Retry-After in how many seconds to try again";
const FULL = "counts those together who find its table full";

export const wrongLimitedServers: readonly Wrong[] = [
  wrong("always", "answers a request", "refuses everybody"),
  wrong("never", BEYOND, "refuses nobody"),
  wrong("connection", BEYOND, "counts by connection"),
  wrong("half", BEYOND, "refuses too early"),
  wrong("no retry", RETRY, "does not say when to come back"),
  wrong("a date", RETRY, "says when to come back in words"),
  wrong("global", "answers the others as if nothing were", "has one count for all"),
  wrong("for ever", "answers an address again when its time is over", "never forgets"),
  wrong("off by one", BEYOND, "refuses from the 22nd request on"),
  wrong("unbounded", FULL, "has a table without a limit"),
  wrong("newcomers out", FULL, "refuses whoever finds its table full"),
  wrong("oldest out", FULL, "throws out whoever has been in its table longest"),
  wrong("no room", "makes room in its table when windows are over", "never makes room"),
];
