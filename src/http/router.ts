/** Picks a handler by method and path: `routes({ "GET /configs/{device}": ... })`. */

import { isToken } from "./grammar";
import type { HttpRequest } from "./http-request";
import { HttpResponse, type ResponseFields, reasonPhrase } from "./response";

/** What stood in place of the `{name}` segments, percent-decoded. It may hold a slash or two dots. */
export type PathParameters = Readonly<Record<string, string>>;

export type RouteHandler = (
  request: HttpRequest,
  parameters: PathParameters,
) => HttpResponse | Promise<HttpResponse>;

/** Makes the answers that no route makes: 400, 404 and 405. */
export type Otherwise = (
  status: number,
  request: HttpRequest,
  fields: ResponseFields,
) => HttpResponse;

interface Pattern {
  readonly segments: readonly Segment[];
  readonly methods: Map<string, RouteHandler>;
}

interface Segment {
  readonly text: string;
  readonly isParameter: boolean;
}

/**
 * A handler made of routes. GET routes answer HEAD too, and OPTIONS is answered with Allow (`OPTIONS *`
 * with the methods of all routes, where `serve` leaves it to the handler). A path
 * without a route is a 404; one whose routes are for other methods a 405 with Allow (RFC 9110, 15.5.6);
 * a parameter that is no percent-encoded UTF-8 a 400. A literal segment wins over a parameter.
 *
 * @param table handlers by "METHOD /path/{parameter}"
 * @throws SyntaxError for a route that is not of this form, or is given twice
 */
export function routes(
  table: Readonly<Record<string, RouteHandler>>,
  otherwise: Otherwise = plainAnswer,
): (request: HttpRequest) => HttpResponse | Promise<HttpResponse> {
  const patterns = compile(table);
  const all = new Set(patterns.flatMap(({ methods }) => Array.from(methods.keys())));
  return (request) => {
    if (request.path === "*") return new HttpResponse(200, "", { Allow: allowed(all) });
    const sent = request.path.split("/");
    const pattern = patterns.find(({ segments }) => matches(segments, sent));
    if (pattern === undefined) return otherwise(404, request, {});
    const { methods } = pattern;
    const asGet = request.method === "HEAD" && !methods.has("HEAD") ? "GET" : request.method;
    const handler = methods.get(asGet);
    if (handler === undefined) {
      const fields = { Allow: allowed(methods.keys()) };
      if (request.method === "OPTIONS") return new HttpResponse(204, "", fields);
      return otherwise(405, request, fields);
    }
    const parameters = decode(pattern.segments, sent);
    return parameters === undefined ? otherwise(400, request, {}) : handler(request, parameters);
  };
}

function compile(table: Readonly<Record<string, RouteHandler>>): Pattern[] {
  const patterns = new Map<string, Pattern>();
  for (const [route, handler] of Object.entries(table)) {
    const [method, path, ...rest] = route.split(" ");
    if (!isToken(method) || !path?.startsWith("/") || rest.length > 0) {
      throw new SyntaxError(`a route is "METHOD /path", not ${JSON.stringify(route)}`);
    }
    const segments = path.split("/").map((text) => {
      const isParameter = /^\{\w+\}$/.test(text);
      return { text: isParameter ? text.slice(1, -1) : text, isParameter };
    });
    const shape = segments.map((each) => (each.isParameter ? "{}" : each.text)).join("/");
    const pattern = patterns.get(shape) ?? { segments, methods: new Map() };
    const names = (of: Pattern) => of.segments.map(({ text }) => text).join("/");
    if (pattern.methods.has(method) || names(pattern) !== names({ segments, methods: new Map() })) {
      throw new SyntaxError(`the route ${route} is given twice, or with two names`);
    }
    pattern.methods.set(method, handler);
    patterns.set(shape, pattern);
  }
  return Array.from(patterns.values()).sort(moreLiteralFirst);
}

function moreLiteralFirst(a: Pattern, b: Pattern): number {
  for (let at = 0; at < Math.min(a.segments.length, b.segments.length); at++) {
    const difference = Number(a.segments[at].isParameter) - Number(b.segments[at].isParameter);
    if (difference !== 0) return difference;
  }
  return 0;
}

function matches(segments: readonly Segment[], sent: readonly string[]): boolean {
  if (segments.length !== sent.length) return false;
  return segments.every(({ text, isParameter }, at) =>
    isParameter ? sent[at] !== "" : text === sent[at],
  );
}

function decode(segments: readonly Segment[], sent: readonly string[]): PathParameters | undefined {
  const parameters: Record<string, string> = {};
  try {
    segments.forEach(({ text, isParameter }, at) => {
      if (isParameter) parameters[text] = decodeURIComponent(sent[at]);
    });
  } catch {
    return undefined;
  }
  return parameters;
}

function allowed(methods: Iterable<string>): string {
  const names = new Set(methods);
  if (names.has("GET")) names.add("HEAD");
  names.add("OPTIONS");
  return Array.from(names).join(", ");
}

function plainAnswer(status: number, _: HttpRequest, fields: ResponseFields): HttpResponse {
  return new HttpResponse(status, `${status} ${reasonPhrase(status)}\n`, fields);
}
