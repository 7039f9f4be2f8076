/**
 * Observes every socket that this process opens while a recorder runs. Node announces listening
 * servers, accepted connections and UDP sockets on its diagnostics channels; outgoing connections
 * only where `net.connect` made them (not `new Socket().connect()`, not TLS), so for these
 * `Socket.prototype.connect` is replaced by one that looks and calls the original. All of it is
 * undone when the last recorder stops. No timer, handle or listener is added anywhere.
 */
import { Socket as DgramSocket } from "node:dgram";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server, Socket } from "node:net";
import { CALL_CHANNEL, isCallMessage } from "./call-channel";
import { destination, TcpObserver } from "./observe-tcp";
import { UdpObserver } from "./observe-udp";
import {
  type ActionListener,
  codeOf,
  type Observed,
  type ObservedAction,
  recordedBytes,
} from "./observed";
import { override } from "./override";

const listeners = new Set<ActionListener>();
let stopObserving: (() => void) | undefined;

/** Tells `listener` what every TCP and UDP socket of this process does, until the result is called. */
export function observe(listener: ActionListener): () => void {
  listeners.add(listener);
  stopObserving ??= startObserving();
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    stopObserving?.();
    stopObserving = undefined;
  };
}

function notify(socket: Observed, action: ObservedAction): void {
  for (const listener of listeners) listener(socket, action);
}

function startObserving(): () => void {
  const tcp = new TcpObserver(notify);
  const udp = new UdpObserver(notify);
  adoptOpenSockets(tcp, udp);
  const subscriptions: [string, (message: unknown) => void][] = [
    ["tracing:net.server.listen:asyncStart", (message) => onListenCall(tcp, message)],
    ["tracing:net.server.listen:asyncEnd", (message) => onListening(tcp, message)],
    ["tracing:net.server.listen:error", (message) => onListenError(tcp, message)],
    ["net.server.socket", (message) => onAccepted(tcp, message)],
    ["udp.socket", (message) => onUdpSocket(udp, message)],
    [CALL_CHANNEL, (message) => onCall(tcp, udp, message)],
  ];
  for (const [name, listener] of subscriptions) subscribe(name, listener);
  const restoreConnect = override(
    Socket.prototype,
    "connect",
    (original, active) =>
      function connect(this: Socket, ...args: unknown[]) {
        const to = active() ? destination(args) : undefined;
        if (to !== undefined) tcp.connecting(this, to);
        return Reflect.apply(original, this, args);
      },
  );
  return () => {
    restoreConnect();
    for (const [name, listener] of subscriptions) unsubscribe(name, listener);
    tcp.stop();
    udp.stop();
  };
}

/** Servers and connections of earlier cells take part too; what they did before stays unknown. */
function adoptOpenSockets(tcp: TcpObserver, udp: UdpObserver): void {
  // Undocumented, but the only way to find them; without it only new sockets are recorded.
  const { _getActiveHandles: handles } = process as { _getActiveHandles?: () => unknown[] };
  const open = handles?.call(process) ?? [];
  for (const one of open) if (one instanceof Server && isOnTcp(one)) tcp.server(one);
  for (const one of open) {
    if (one instanceof Socket) tcp.existing(one);
    else if (one instanceof DgramSocket) udp.socket(one);
  }
}

function isOnTcp(server: Server): boolean {
  return typeof server.address() === "object";
}

function onListenCall(tcp: TcpObserver, message: unknown): void {
  const { server, options } = message as {
    server: Server;
    options?: { port?: unknown; path?: unknown };
  };
  if (options?.path !== undefined && options.path !== null) return;
  tcp.server(server).systemPort = !(Number(options?.port) > 0);
}

function onListening(tcp: TcpObserver, message: unknown): void {
  const { server } = message as { server: Server };
  const observed = tcp.get(server);
  tcp.serverAddress(server);
  if (observed?.local !== undefined) notify(observed, { type: "listen" });
}

function onListenError(tcp: TcpObserver, message: unknown): void {
  const { server, error } = message as { server: Server; error: unknown };
  const observed = tcp.get(server);
  if (observed === undefined) return;
  const { address, port } = error as { address?: string; port?: number };
  const place = address === undefined || port === undefined ? undefined : { host: address, port };
  notify(observed, { type: "listen failed", place, code: codeOf(error) });
}

/** Published after the program was told of the connection: for servers that were not known before. */
function onAccepted(tcp: TcpObserver, message: unknown): void {
  const { socket } = message as { socket: Socket };
  const { server } = socket as { server?: unknown };
  if (server instanceof Server) tcp.accepted(socket, server);
}

function onUdpSocket(udp: UdpObserver, message: unknown): void {
  udp.socket((message as { socket: DgramSocket }).socket);
}

function onCall(tcp: TcpObserver, udp: UdpObserver, message: unknown): void {
  if (!isCallMessage(message)) return;
  const { phase, call, id, target, accepted, data, error } = message;
  const observed = tcp.get(target) ?? udp.get(target);
  if (observed === undefined) return;
  if (phase === "start") {
    notify(observed, { type: "call", call, id });
    return;
  }
  notify(observed, {
    type: "return",
    call,
    id,
    accepted: accepted === undefined ? undefined : tcp.get(accepted),
    code: error === undefined ? undefined : codeOf(error),
    ...(data === undefined ? {} : recordedBytes(data)),
  });
}
