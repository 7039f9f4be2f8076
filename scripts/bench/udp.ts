// Datagrams per second of a server on src/sockets beside node:dgram and a blocking loop in Python.
import { type ComparedServer, compare } from "./peers/compare";
import { udpLoad } from "./peers/udp-load";

const MESSAGE = Buffer.from("Hello from UDP client!");

const SERVERS: readonly ComparedServer[] = [
  { name: "src/sockets", file: "udp-sockets.ts" },
  { name: "node:dgram", file: "udp-node.ts", baseline: true },
  { name: "Python, blocking", file: "udp_server.py" },
];

const load = (port: number, ms: number) => udpLoad(port, ms, (socket) => socket.send(MESSAGE));

export const udp = () => compare("udp", "datagrams", SERVERS, load);
