/** Draws the packets of one TCP connection between its ends, with the state of each end beside them. */

import { svgFrame } from "../chart/svg";
import { px } from "../wire/svg-shapes";
import { escapeXml } from "../wire/xml";
import { type States, statesAfter } from "./tcp-states";
import type { Packet } from "./tcpdump";

const FLAGS: readonly (readonly [sign: string, name: string])[] = [
  ["S", "SYN"],
  ["F", "FIN"],
  ["R", "RST"],
  [".", "ACK"],
];

const TEXT_ARROW_COLUMNS = 34;
const TEXT_STATE_COLUMNS = 13;

const WIDTH_PX = 620;
const LEFT_PX = 140;
const RIGHT_PX = WIDTH_PX - LEFT_PX;
const TOP_PX = 60;
const ROW_PX = 30;
const HEAD_PX = 7;

interface Row extends States {
  readonly label: string;
  readonly toServer: boolean;
}

/** `SYN, ACK`, or `5 bytes, ACK`. */
function labelOf({ flags, bytes }: Packet): string {
  const names = FLAGS.filter(([sign]) => flags.includes(sign)).map(([, name]) => name);
  const data = bytes === 0 ? [] : [bytes === 1 ? "1 byte" : `${bytes} bytes`];
  return [...data, ...names].join(", ");
}

/** A drawing for `show`: time runs downwards, and a state stands where it begins. */
export class PacketDiagram {
  readonly #rows: readonly Row[];

  /** The packets of one connection, from its first SYN on. */
  constructor(packets: readonly Packet[]) {
    const states = statesAfter(packets);
    const before = (i: number) => states[i - 1] ?? { client: "CLOSED", server: "LISTEN" };
    this.#rows = packets.map((packet, i) => ({
      label: labelOf(packet),
      toServer: packet.from === "client",
      // A state that has not changed is not written again.
      client: states[i].client === before(i).client ? "" : states[i].client,
      server: states[i].server === before(i).server ? "" : states[i].server,
    })) as readonly Row[];
  }

  toText({ title = "" }: { readonly title?: string } = {}): string {
    const line = (left: string, middle: string, right: string) =>
      `${left.padStart(TEXT_STATE_COLUMNS)} ${middle} ${right}`.trimEnd();
    const rows = this.#rows.map(({ label, toServer, client, server }) => {
      const words = ` ${label} `;
      const dashes = TEXT_ARROW_COLUMNS - 1 - words.length;
      const half = Math.floor(dashes / 2);
      const shaft = "─".repeat(half) + words + "─".repeat(dashes - half);
      return line(client, `│${toServer ? `${shaft}►` : `◄${shaft}`}│`, server);
    });
    const gap = " ".repeat(TEXT_ARROW_COLUMNS + 2);
    const head = [line("client", gap, "server"), line("CLOSED", `│${gap.slice(2)}│`, "LISTEN")];
    return [...(title === "" ? [] : [title, ""]), ...head, ...rows].join("\n");
  }

  toSvg({ title = "Packets of one TCP connection" }: { readonly title?: string } = {}): string {
    const height = TOP_PX + 30 + this.#rows.length * ROW_PX;
    const parts = [
      text(LEFT_PX, 28, "client", "middle", "strong"),
      text(RIGHT_PX, 28, "server", "middle", "strong"),
      text(LEFT_PX - 12, 52, "CLOSED", "end", "quiet"),
      text(RIGHT_PX + 12, 52, "LISTEN", "start", "quiet"),
      stroke("grid", LEFT_PX, 38, LEFT_PX, height - 14),
      stroke("grid", RIGHT_PX, 38, RIGHT_PX, height - 14),
      ...this.#rows.flatMap((row, i) => arrow(row, TOP_PX + 24 + i * ROW_PX)),
    ];
    const said = this.#rows.map(
      ({ label, toServer }) => `${toServer ? "client to server" : "server to client"}: ${label}`,
    );
    const frame = { width: WIDTH_PX, height, title, description: said.join("; ") };
    return svgFrame(frame, parts.join(""));
  }
}

function text(x: number, y: number, words: string, anchor: string, classes: string): string {
  return `<text class="${classes}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escapeXml(words)}</text>`;
}

function stroke(classes: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${classes}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`;
}

function arrow({ label, toServer, client, server }: Row, y: number): string[] {
  const [tip, back] = toServer ? [RIGHT_PX, -HEAD_PX] : [LEFT_PX, HEAD_PX];
  const head = `M${px(tip + back)} ${px(y - 4)}L${px(tip)} ${px(y)}L${px(tip + back)} ${px(y + 4)}`;
  return [
    stroke("line s0", LEFT_PX, y, RIGHT_PX, y),
    `<path class="line s0" d="${head}"/>`,
    text(WIDTH_PX / 2, y - 5, label, "middle", ""),
    text(LEFT_PX - 12, y + 4, client, "end", "quiet"),
    text(RIGHT_PX + 12, y + 4, server, "start", "quiet"),
  ];
}
