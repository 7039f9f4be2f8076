/** The participants of a diagram: sockets of the recording, and programs outside it, with their names. */
import type { End } from "./connections";
import type { Participant } from "./diagram";
import { OWN_LIFELINE_CLIENTS_MAX, SYSTEM_PORT_MIN } from "./limits";
import type { Place, RecordedSocket, RecordingData } from "./recording-data";

/** `127.0.0.1:8080`, `[::1]:8080` (RFC 3986, section 3.2.2). */
export function formatPlace({ host, port }: Place): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Member {
  name: string;
  address?: string;
  outside: boolean;
}

/** The clients of one kind that have no name of their own: one lifeline is used again when free. */
interface Pool {
  readonly name: string;
  readonly members: { readonly index: number; busy: Set<object | number> }[];
}

/** Hands out lifelines in the order in which participants first do something. */
export class Participants {
  readonly #recording: RecordingData;
  readonly #showPorts: boolean;
  readonly #members: Member[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #bySocket = new Map<number, number>();
  readonly #byEnd = new Map<object, number>();
  readonly #pools = new Map<string, Pool>();
  /** Remote ports, with their protocol, from which something came, so a program is there. */
  readonly #answering = new Set<string>();
  readonly #udpPorts: ReadonlySet<number | undefined>;

  constructor(recording: RecordingData, showPorts: boolean) {
    this.#recording = recording;
    this.#showPorts = showPorts;
    const { sockets, events } = recording;
    const udp = sockets.filter((one) => one.kind === "udp");
    this.#udpPorts = new Set(udp.map((one) => one.local?.port));
    for (const event of events) {
      if (event.type === "receive datagram") this.#answering.add(`udp ${event.from.port}`);
      if (event.type !== "connected" && event.type !== "receive") continue;
      this.#answering.add(`tcp ${sockets[event.socket].remote?.port}`);
    }
  }

  /** The participants so far. Of several clients each gets a number. */
  all(): Participant[] {
    const { names } = this.#recording;
    const participants = this.#members.map((one) => ({
      ...one,
      name: names[one.name] ?? one.name,
    }));
    for (const { name: role, members } of this.#pools.values()) {
      if (members.length < 2) continue;
      const name = names[role] ?? role;
      members.forEach(({ index }, i) => {
        const own = i < OWN_LIFELINE_CLIENTS_MAX;
        participants[index].name = own ? `${name} ${i + 1}` : `${name}s ${i + 1} and up`;
      });
    }
    return participants;
  }

  /** An address without a port that differs from run to run; undefined if nothing is left of it. */
  address(place: Place, systemPort = false): string | undefined {
    if (this.#showPorts || !this.isSystemPort(place.port, systemPort)) return formatPlace(place);
    return undefined;
  }

  isSystemPort(port: number, systemPort = false): boolean {
    return systemPort || port >= SYSTEM_PORT_MIN;
  }

  /** The participant whose socket this is. */
  of(number: number): number {
    const known = this.#bySocket.get(number);
    if (known !== undefined) return known;
    const index = this.#join(number, this.#recording.sockets[number]);
    this.#bySocket.set(number, index);
    return index;
  }

  /** The other end of a connection: a socket of ours, or a program outside. */
  peerOf(end: End): number {
    if (end.peer !== undefined) return this.of(end.peer);
    const known = this.#byEnd.get(end);
    if (known !== undefined) return known;
    const { kind, remote } = this.#recording.sockets[end.socket];
    const place = remote ?? { host: "unknown", port: 0 };
    const index =
      kind === "tcp client" ? this.server(place, "tcp") : this.#outsideClient(end, place);
    this.#byEnd.set(end, index);
    return index;
  }

  /** The participant that has a port: a socket of this recording, or a program outside. */
  server(place: Place, protocol: "tcp" | "udp"): number {
    const { sockets } = this.#recording;
    const kind = protocol === "tcp" ? "tcp server" : "udp";
    const own = sockets.findIndex((one) => one.kind === kind && one.local?.port === place.port);
    if (own >= 0) return this.of(own);
    const name = this.#recording.names[String(place.port)];
    const address = this.address(place);
    const silent = address === undefined ? "another port" : `port ${place.port}`;
    return this.#member(`${protocol} ${place.port}`, name, {
      name: this.#answering.has(`${protocol} ${place.port}`) ? "another program" : silent,
      address: address ?? place.host,
      outside: true,
    });
  }

  /** True if a datagram came from a port that no UDP socket of ours has. */
  answersFromOutside(port: number): boolean {
    return this.#answering.has(`udp ${port}`) && !this.#udpPorts.has(port);
  }

  /** The lifeline of a client becomes free for the next one. */
  leave(number: number): void {
    this.#release(number);
  }

  leaveOutside(end: End): void {
    this.#release(end);
  }

  #join(number: number, socket: RecordedSocket): number {
    if (socket.kind === "tcp accepted") return this.#serverOf(socket);
    const { names } = this.#recording;
    const name = names[String(socket.local?.port ?? "")];
    if (socket.kind === "tcp server") return this.#listener(`tcp ${number}`, name, socket);
    if (name !== undefined)
      return this.#member(`${socket.kind} ${number}`, name, this.#own(socket));
    if (socket.kind === "udp" && !this.#sendsFirst(number)) {
      return this.#listener(`udp ${number}`, undefined, socket);
    }
    return this.#pooled(socket.kind === "udp" ? "UDP client" : "TCP client", number, false);
  }

  #serverOf(socket: RecordedSocket): number {
    if (socket.server !== undefined) return this.of(socket.server);
    const local = socket.local ?? { host: "unknown", port: 0 };
    const name = this.#recording.names[String(local.port)];
    return this.#member(`accepted ${local.port}`, name, this.#own(socket, "TCP server"));
  }

  #own(socket: RecordedSocket, name = ""): Member {
    const address =
      socket.local === undefined ? undefined : this.address(socket.local, socket.systemPort);
    return { name, address, outside: false };
  }

  #listener(key: string, name: string | undefined, socket: RecordedSocket): number {
    const protocol = socket.kind === "udp" ? "UDP" : "TCP";
    const others = this.#members.filter((one) => one.name.startsWith(`${protocol} server`));
    const number = others.length === 0 ? "" : ` ${others.length + 1}`;
    return this.#member(key, name, this.#own(socket, `${protocol} server${number}`));
  }

  /** A socket whose first act is to send asks something; one that waits first serves. */
  #sendsFirst(number: number): boolean {
    for (const event of this.#recording.events) {
      if (event.socket !== number) continue;
      if (event.type === "send datagram") return true;
      if (event.type === "receive datagram" || event.type === "call") return false;
      if (event.type === "bind" && !event.bySend && !this.#hasSystemPort(number)) return false;
    }
    return false;
  }

  #hasSystemPort(number: number): boolean {
    const { local, systemPort } = this.#recording.sockets[number];
    return this.isSystemPort(local?.port ?? 0, systemPort);
  }

  #outsideClient(end: End, place: Place): number {
    const name = this.#recording.names[String(place.port)];
    if (name !== undefined) {
      return this.#member(`outside ${place.port}`, name, { name, outside: true });
    }
    return this.#pooled("outside client", end, true);
  }

  /** Participants of one name are one. */
  #member(key: string, name: string | undefined, member: Member): number {
    const id = name === undefined ? key : `named ${name}`;
    const known = this.#byKey.get(id);
    if (known !== undefined) return known;
    const index = this.#members.push({ ...member, name: name ?? member.name }) - 1;
    this.#byKey.set(id, index);
    return index;
  }

  #pooled(name: string, who: object | number, outside: boolean): number {
    const pool = this.#pools.get(name) ?? { name, members: [] };
    this.#pools.set(name, pool);
    let member = pool.members.find((one) => one.busy.size === 0);
    if (member === undefined && pool.members.length > OWN_LIFELINE_CLIENTS_MAX) {
      member = pool.members[OWN_LIFELINE_CLIENTS_MAX];
    }
    if (member === undefined) {
      const index = this.#members.push({ name, outside }) - 1;
      member = { index, busy: new Set() };
      pool.members.push(member);
    }
    member.busy.add(who);
    return member.index;
  }

  #release(who: object | number): void {
    for (const pool of this.#pools.values()) {
      for (const member of pool.members) member.busy.delete(who);
    }
  }
}
