// The server thread: a Jupyter kernel's five ZeroMQ sockets, and the watch over the main thread.
// Source: Jupyter messaging specification 5.3, https://jupyter-client.readthedocs.io/en/stable/messaging.html

import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type * as ZeroMQ from "zeromq";
import {
  address,
  CHANNELS,
  type Channel,
  readConnectionFile,
  removeConnectionFile,
  writeConnectionFile,
} from "./connection";
import { endProcess, watchParent } from "./ending";
import { History } from "./history";
import { Interrupter } from "./interrupter";
import { IOPUB_HIGH_WATER_MARK, Iopub } from "./iopub";
import { emptyReply, kernelInfo, unsupported } from "./kernel-info";
import { BadMessage, type Content, decode, type Message } from "./protocol";
import { RequestQueue, reply } from "./requests";
import { TextRing } from "./text-ring";
import { type ServerOptions, SharedState, type ToEngine, type ToServer } from "./threads";

/** ZeroMQ keeps trying to deliver the last messages for this long after a socket closed. */
const LINGER_MS = 200;
/** Of one frame. A client that sends more is disconnected before any of it is kept, signed or not. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Requests that the main thread answers. */
const ENGINE_REQUESTS = new Set([
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "open_resources_request",
]);

if (!parentPort) throw new Error("the kernel's server runs in a worker thread");
const port = parentPort;
const options = workerData as ServerOptions;
const zmq: typeof ZeroMQ = createRequire(path.join(options.root, "package.json"))("zeromq");
const info = readConnectionFile(options.connectionFile);
/** Then the connection file is as much ours as the front end's, which may die before it is removed. */
const portsChosenHere = CHANNELS.some((channel) => info[`${channel}_port`] === 0);
if (portsChosenHere && info.transport === "ipc") {
  for (const [at, channel] of CHANNELS.entries()) info[`${channel}_port`] = at + 1;
}
const session = randomUUID();
const post = (message: ToEngine) => port.postMessage(message);

const iopubSocket = new zmq.XPublisher({
  linger: LINGER_MS,
  maxMessageSize: MAX_MESSAGE_BYTES,
  noDrop: true,
  sendHighWaterMark: IOPUB_HIGH_WATER_MARK,
  sendTimeout: 0, // never waits by itself: see Iopub
});
iopubSocket.verbosity = "allSubs";
const incoming = { linger: LINGER_MS, maxMessageSize: MAX_MESSAGE_BYTES };
const shell = new zmq.Router({ ...incoming, sendHighWaterMark: 0 });
const control = new zmq.Router({ ...incoming, sendHighWaterMark: 0 });
const stdin = new zmq.Router(incoming);
const heartbeat = new zmq.Reply(incoming);
const sockets: Record<Channel, ZeroMQ.Socket> = {
  iopub: iopubSocket,
  shell,
  control,
  stdin,
  hb: heartbeat,
};

const iopub = new Iopub(iopubSocket, new TextRing(options.ring), session, info.key);
const history = new History();
const requests = new RequestQueue(
  shell,
  iopub,
  session,
  info.key,
  (request, { header, content, metadata }) => {
    if (header.msg_type === "kernel_info_request") return kernelInfo(options.versions);
    if (header.msg_type === "history_request") return history.answer(content);
    if (header.msg_type === "execute_request") history.started(request, content);
    if (!ENGINE_REQUESTS.has(header.msg_type)) {
      return emptyReply(header.msg_type) ?? unsupported(header.msg_type);
    }
    post({ type: "request", request, msgType: header.msg_type, content, metadata });
    return undefined;
  },
);
const interrupter = new Interrupter(new SharedState(options.state), post, (pending) =>
  pending ? requests.hold("interrupt") : requests.release("interrupt"),
);

port.on("message", (message: ToServer) => {
  switch (message.type) {
    case "ready":
      requests.release("starting");
      break;
    case "text":
      iopub.textArrived();
      break;
    case "publish":
      if (message.msgType === "execute_result") history.result(message.request, message.content);
      iopub.textUntil(message.textUntil);
      iopub.publish(iopub.parents.get(message.request) ?? {}, message.msgType, message.content);
      break;
    case "reply":
      iopub.textUntil(message.textUntil);
      history.finished(message.request, message.content);
      requests.finish(message.request, message.content);
      break;
    case "interrupted":
      interrupter.acknowledge(message.interrupt);
      break;
  }
});

options.signals.on("message", () => interrupter.interrupt());

void start();

async function start(): Promise<void> {
  // Before anyone can listen: the first message that a subscriber gets is its welcome.
  iopub.publish({}, "status", { execution_state: "starting" });
  await iopub.flushed();
  for (const channel of CHANNELS) {
    try {
      await sockets[channel].bind(address(info, channel));
    } catch (error) {
      throw new Error(
        `cannot listen on ${address(info, channel)} (${channel}): ${(error as Error).message}`,
      );
    }
  }
  if (portsChosenHere) writeChosenPorts();
  watchParent(() => void end());
  void serveSubscriptions();
  void echoHeartbeats();
  void serve(stdin, () => {}); // input_request is never sent: nothing can be answered here
  void serve(shell, (message) =>
    urgent(message) ? void urgently(shell, message) : requests.push(message),
  );
  void serve(control, (message) => void urgently(control, message));
}

function writeChosenPorts(): void {
  for (const channel of CHANNELS) {
    info[`${channel}_port`] = Number(/\d+$/.exec(sockets[channel].lastEndpoint ?? "")?.[0]);
  }
  writeConnectionFile(options.connectionFile, info);
}

async function serve(socket: ZeroMQ.Router, handle: (message: Message) => void): Promise<void> {
  for await (const frames of socket) {
    try {
      handle(decode(frames, info.key));
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error; // anyone can send us anything: ignored
    }
  }
}

/** Tells each new subscriber that it will miss nothing from here on (`iopub_welcome`, messaging 5.4). */
async function serveSubscriptions(): Promise<void> {
  for await (const [event] of iopubSocket) {
    if (event?.[0] !== 1) continue;
    iopub.publish({}, "iopub_welcome", { subscription: event.subarray(1).toString() });
  }
}

async function echoHeartbeats(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

/** Older front ends send these on the shell channel, where they must not wait for the running cell. */
function urgent({ header }: Message): boolean {
  return header.msg_type === "interrupt_request" || header.msg_type === "shutdown_request";
}

async function urgently(socket: ZeroMQ.Router, message: Message): Promise<void> {
  iopub.publish(message.header, "status", { execution_state: "busy" });
  await reply(socket, message, controlReply(message), session, info.key);
  iopub.publish(message.header, "status", { execution_state: "idle" });
  if (message.header.msg_type === "shutdown_request") await end();
}

function controlReply({ header, content }: Message): Content {
  switch (header.msg_type) {
    case "interrupt_request":
      interrupter.interrupt();
      return { status: "ok" };
    case "shutdown_request":
      return { status: "ok", restart: content.restart === true };
    case "kernel_info_request":
      return kernelInfo(options.versions);
    default:
      return unsupported(header.msg_type);
  }
}

async function end(): Promise<void> {
  requests.hold("shutdown");
  if (portsChosenHere) removeConnectionFile(options.connectionFile);
  await Promise.race([iopub.flushed(), new Promise((resolve) => setTimeout(resolve, LINGER_MS))]);
  await endProcess(async () => {
    // A socket in use when the process exits would abort it. What was sent lingers until delivered.
    for (const channel of CHANNELS) sockets[channel].close();
    await new Promise((resolve) => setImmediate(resolve));
    post({ type: "shutdown" });
  });
}
