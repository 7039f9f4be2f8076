// The page of web_server from node:http, made for each request.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const PATHS = ["/", "/hello", "/about"];
const SIGNS = new Map(
  Object.entries({ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" }),
);
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&${SIGNS.get(sign)};`);

const server = createServer((request, response) => {
  const [asked = "", search = ""] = (request.url ?? "").split("?");
  const path = decodeURIComponent(asked);
  const query = decodeURIComponent(search);
  const browser = Buffer.from(request.headers["user-agent"] ?? "unknown", "latin1").toString();
  const shown = { Method: "GET", Path: path, Browser: browser, ...(query && { Query: query }) };
  const lines = Object.entries(shown).map(
    ([name, text]) => `<p><strong>${name}:</strong> ${escapeHtml(text)}</p>`,
  );
  const all = ["<h1>Request Info</h1>", ...lines];
  const html = `<html>\n<body>\n${all.map((line) => `    ${line}\n`).join("")}</body>\n</html>\n`;
  response.writeHead(PATHS.includes(path) ? 200 : 404, {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Content-Length": Buffer.byteLength(html),
  });
  response.end(html);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
