// Jupyter messages on the wire: framing, signatures, headers. Shared by the kernel and its client.
// Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html, "The wire protocol".

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the messaging specification spoken here. */
export const PROTOCOL_VERSION = "5.3";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  msg_type: string;
  version: string;
}

export type Content = Record<string, unknown>;

export interface Message {
  /** Routing frames before the delimiter: ROUTER identities, or an iopub topic. */
  identities: Buffer[];
  header: Header;
  /** The header of the request that caused this message; `{}` when there is none. */
  parent: Header | Record<string, never>;
  metadata: Content;
  content: Content;
}

const DELIMITER = Buffer.from("<IDS|MSG>");
/** Signature, header, parent header, metadata, content. */
const FRAMES_AFTER_DELIMITER = 5;

/** A message that is not one of ours: badly framed, unsigned or wrongly signed. It must be ignored. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

/** A new header with its own message id. */
export function createHeader(msgType: string, session: string, username = "kernel"): Header {
  return {
    msg_id: randomUUID(),
    session,
    username,
    date: new Date().toISOString(),
    msg_type: msgType,
    version: PROTOCOL_VERSION,
  };
}

/** The frames to hand to ZeroMQ. An empty key means unsigned messages, as the specification has it. */
export function encode(message: Message, key: string): (Buffer | string)[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...message.identities, DELIMITER, sign(parts, key), ...parts];
}

/**
 * Parses and authenticates the frames of one message.
 * @throws BadMessage when a frame is missing, the signature is wrong, or a part is not a JSON object.
 */
export function decode(frames: readonly Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0) throw new BadMessage("no delimiter frame");
  if (frames.length < at + 1 + FRAMES_AFTER_DELIMITER) throw new BadMessage("too few frames");
  const [signature, ...parts] = frames.slice(at + 1, at + 1 + FRAMES_AFTER_DELIMITER) as [
    Buffer,
    ...Buffer[],
  ];
  if (key !== "" && !sameSignature(signature, sign(parts, key))) {
    throw new BadMessage("wrong signature");
  }
  const [header, parent, metadata, content] = parts.map(parseObject);
  if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string") {
    throw new BadMessage("the header lacks msg_type or msg_id");
  }
  return {
    identities: frames.slice(0, at),
    header: header as unknown as Header, // checked above as far as we rely on it
    parent: parent as Message["parent"],
    metadata: metadata as Content,
    content: content as Content,
  };
}

function sign(parts: readonly Buffer[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

function sameSignature(given: Buffer, expected: string): boolean {
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function parseObject(frame: Buffer): Content {
  try {
    const value: unknown = JSON.parse(frame.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Content;
    }
  } catch {
    // Answered below: the same complaint for every malformed part.
  }
  throw new BadMessage("a message part is not a JSON object");
}
