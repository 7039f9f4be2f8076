/** Requests to a configuration server under judgement, and what is wrong with the answers. */

import type { Address, StepContext } from "../../judging/judge";
import { forPrintf } from "../../judging/replay";
import type { Hints, StepFailure } from "../../judging/step-failure";
import { type ReceivedResponse, responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectResponse } from "../../peers/http-faults";
import { BY_STATUS, LIST_FORM, PROBLEM_FORM } from "./hints";

export interface Sent {
  readonly body?: string | Uint8Array;
  readonly fields?: Readonly<Record<string, string>>;
}

/** An answer, and what it answers. */
export interface Reply extends ReceivedResponse {
  readonly method: string;
  readonly path: string;
}

/** The path of a device's configuration. */
export const pathOf = (device: string) => `/configs/${device}`;

export const JSON_TYPE = { "Content-Type": "application/json" };

/** `curl` shows a longer body no better than none. */
const CURL_BODY_MAX_BYTES = 300;

/**
 * Asks the server of the bench, or the one at `to`, on a connection of its own.
 * @throws {StepFailure} nothing accepts connections there, or what comes is no HTTP
 */
export async function send(
  context: StepContext,
  method: string,
  path: string,
  { body, fields = {} }: Sent = {},
  to?: Address,
): Promise<Reply> {
  const address = to ?? (await context.server());
  const bytes = Buffer.from(body ?? "");
  const length = body === undefined ? {} : { "Content-Length": `${bytes.length}` };
  const all = { Host: hostOf(address), ...length, ...fields, Connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  const answer = await sendRequest(address, head + bytes.toString("latin1"));
  const replay = curl(address, method, path, { body: bytes, fields });
  const reply = { ...answer, method, path, replay };
  expectResponse(reply);
  return reply;
}

export const put = (context: StepContext, device: string, body: string | Uint8Array, fields = {}) =>
  send(context, "PUT", pathOf(device), { body, fields });

export const get = (context: StepContext, path: string, fields = {}) =>
  send(context, "GET", path, { fields });

const hostOf = ({ host, port }: Address) => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** A command that asks the same. */
function curl(
  address: Address,
  method: string,
  path: string,
  sent: { body: Buffer; fields: object },
) {
  const words = ["curl", "-i", "--path-as-is"];
  if (method === "HEAD") words.push("-I");
  else if (method !== "GET") words.push("-X", method);
  for (const [name, value] of Object.entries(sent.fields)) words.push("-H", `'${name}: ${value}'`);
  const { body } = sent;
  if (method !== "GET" && method !== "HEAD" && body.length > 0) words.push("--data-binary", "@-");
  words.push(`'http://${hostOf(address)}${path}'`);
  if (!words.includes("@-")) return words.join(" ");
  const source =
    body.length > CURL_BODY_MAX_BYTES
      ? `head -c ${body.length} /dev/zero`
      : `printf ${forPrintf(body)}`;
  if (!("Content-Type" in sent.fields)) words.splice(3, 0, "-H", "'Content-Type:'");
  return `${source} | ${words.join(" ")}`;
}

/** Whether the content is these bytes. */
export function hasBytes({ raw, body, fields }: ReceivedResponse, bytes: Uint8Array): boolean {
  const wanted = Buffer.from(bytes);
  if (fields.has("transfer-encoding")) return body === String(wanted);
  return raw.subarray(raw.indexOf("\r\n\r\n") + 4).equals(wanted);
}

/** A failure that shows the answer. */
export function wrong(reply: Reply, what: string, hints: Hints, edit?: string): StepFailure {
  return responseFailure(reply, { what, hints, ...(edit !== undefined && { edit }) });
}

/** @throws {StepFailure} it has another status */
export function expectStatus(reply: Reply, wanted: number | readonly number[], hints: Hints): void {
  const { status, method, path } = reply;
  const all = [wanted].flat();
  if (all.includes(status)) return;
  const what = `Expected ${all.join(" or ")} for ${method} ${path}, and got ${status}.`;
  const expected = all[0] ?? 0;
  // A 404 may be what the step is about; when a refusal was expected, the route is there.
  throw wrong(reply, what, expected < 400 || status >= 500 ? hintsFor(status, hints) : hints);
}

/** An error of the server's is looked up first, and then it is about what the step is about. */
function hintsFor(status: number, hints: Hints): Hints {
  const [nudge] = BY_STATUS[status] ?? hints;
  return status < 500 ? (BY_STATUS[status] ?? hints) : [nudge, hints[1], hints[2]];
}

/**
 * A refusal in the one form of this server.
 * @throws {StepFailure} another status, or another form (RFC 9457)
 */
export function expectProblem(reply: Reply, status: number, hints: Hints): void {
  expectStatus(reply, status, hints);
  const type = reply.fields.get("content-type") ?? "no Content-Type";
  const isProblem = /^application\/problem\+json\b/.test(type);
  if (isProblem && memberOf(reply, "status") === status) return;
  const what = isProblem
    ? `Expected a member "status" of ${status} in the problem details, and got ${JSON.stringify(memberOf(reply, "status"))}.`
    : `Expected problem details (application/problem+json) with the ${status}, and got ${type}.`;
  const form: Hints = PROBLEM_FORM;
  throw wrong(reply, what, form, "config_service");
}

function memberOf({ body }: Reply, name: string): unknown {
  try {
    return JSON.parse(body)[name];
  } catch {
    return undefined;
  }
}

/**
 * The objects of a list: `{"configs": [...]}`.
 * @throws {StepFailure} it is no such JSON
 */
export function entriesOf(
  reply: Reply,
  name: string,
): readonly Readonly<Record<string, unknown>>[] {
  const list = memberOf(reply, name);
  if (Array.isArray(list) && list.every((one) => typeof one === "object" && one !== null))
    return list;
  const what = `Expected JSON with a list of objects called "${name}", and got something else.`;
  throw wrong(reply, what, [
    "A program reads this list: it wants JSON.",
    `The content is one object, {"${name}": [{...}, {...}]}, with Content-Type: application/json.`,
    `\`listing(request, { ${name} }, next)\` of config_answers makes such an answer.`,
  ]);
}

/** The entity tag of an answer. @throws {StepFailure} it has none that RFC 9110, section 8.8.3 allows */
export function tagIn(reply: Reply): string {
  const tag = reply.fields.get("etag");
  if (tag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(tag)) return tag;
  const what = `Expected an entity tag, ETag: "something", and got ${tag ?? "none"}.`;
  throw wrong(reply, what, LIST_FORM, "config_answers");
}
