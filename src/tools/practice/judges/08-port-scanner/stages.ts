/** The stages of Part 8: one probe, its three answers, a window of probes, and banners. */
import type { Stage } from "../../judging/judge";

export const STAGES: readonly Stage[] = [
  {
    title: "one open port",
    task: "Note that the port is open when the socket has connected, and hang up; write the answer down when the socket has closed.",
    cells: ["port-prober", "port-probes"],
    uses: "`work` is a `ScanWork` of `./src/scan/work`: `work.answer` names the answers (OPEN, SELF, UNASKED, ...), `answers[number]` and `localPorts[number]` keep what was found. The threads behind it are written already.",
    until: "finds the one port that is open",
  },
  {
    title: "closed ports",
    task: "Note what an error means: a refusal says that the port is closed.",
    cells: ["port-prober"],
    uses: "`work.answerByCode` has the answer to each code, such as `ECONNREFUSED`; another code means `work.answer.UNREACHABLE`.",
    until: "misses none of 48 servers among 9001 ports",
  },
  {
    title: "ports that do not answer",
    task: "Give a probe up as filtered when it has connected for too long.",
    cells: ["port-prober"],
    uses: "`tick` is called regularly; `work.agesMax` is the number of ticks that a probe may wait (`--timeout`).",
    until: "tells a port that does not answer from a closed one, and gives it up",
  },
  {
    title: "a window of probes",
    task: "Start as many probers as the window has places, so that they wait side by side.",
    cells: ["port-probes"],
    uses: "`work.window` is the number of places (`--concurrency`).",
    until: "never has more probes under way than --concurrency allows",
  },
  {
    title: "banners",
    task: "Connect once more to each open port, and show the first line that the service sends, or the field Server of its response, made harmless.",
    cells: ["port-banner"],
    uses: "`socket.recv(max, { timeout, signal })` of `./src/sockets/tcp` waits no longer than `timeout` milliseconds; `printable` makes a text harmless.",
    until: "scans no other machine unless somebody says that its owner agreed",
  },
];
