/** Real peers, both ways, over UDP and TCP: dig asks dns_server, dns_lookup asks dnsmasq, and they forward to each other. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, type TestContext, test } from "vitest";
import { main as dnsByHand } from "../../dist/dns_by_hand";
import { main as dnsLookup } from "../../dist/dns_lookup";
import { main as dnsServer } from "../../dist/dns_server";
import { runHere, serveHere } from "../support/here";
import { requireTool } from "../support/tools";
import { startDnsmasq, zoneFile } from "./dns-support";

const run = promisify(execFile);

/** What dig prints, without blanks that only align. */
async function dig(ctx: TestContext, port: number, ...args: string[]): Promise<string> {
  await requireTool(ctx, "dig", "sudo apt-get install bind9-dnsutils");
  const common = ["@127.0.0.1", "-p", String(port), "+tries=1", "+time=5", "+noall"];
  const { stdout } = await run("dig", [...common, ...args]);
  return stdout.replace(/[\t ]+/g, " ").trim();
}

async function serve(...more: string[]): Promise<number> {
  const { port } = await serveHere(dnsServer, [
    "--port",
    "0",
    "--zone",
    await zoneFile("lab.example"),
    ...more,
  ]);
  return port;
}

async function lookup(port: number, ...args: string[]) {
  const { status, stdout, stderr } = await runHere(dnsLookup, [
    ...args,
    "--port",
    String(port),
  ]).end();
  return {
    status,
    lines: stdout
      .trim()
      .split("\n")
      .map((line) => line.replaceAll("\t", " ")),
    stderr,
  };
}

const OF_OURS: readonly [name: string, type: string, answer: string][] = [
  ["core-1.lab.example", "A", "core-1.lab.example. 60 IN A 192.0.2.11"],
  ["core-1.lab.example", "AAAA", "core-1.lab.example. 60 IN AAAA 2001:db8::11"],
  ["lab.example", "MX", "lab.example. 60 IN MX 10 mail.lab.example."],
  [
    "lab.example",
    "SOA",
    "lab.example. 60 IN SOA ns1.lab.example. admin.lab.example. 1 7200 900 1209600 30",
  ],
  ["text.lab.example", "TXT", 'text.lab.example. 60 IN TXT "one" "two; three"'],
  [
    "WWW.lab.example",
    "A",
    "WWW.lab.example. 60 IN CNAME core-1.lab.example.\ncore-1.lab.example. 60 IN A 192.0.2.11",
  ],
];

describe.each([
  ["UDP", "+notcp"],
  ["TCP", "+tcp"],
])("over %s dig takes from dns_server", (_, over) => {
  test.for(OF_OURS)("%s %s", async ([name, type, answer], ctx) => {
    expect(await dig(ctx, await serve(), "+answer", name, type, over)).toBe(answer);
  });

  test("that a name or a type is missing, with the SOA", async (ctx) => {
    const port = await serve();
    const soa = "lab.example. 30 IN SOA ns1.lab.example. admin.lab.example. 1 7200 900 1209600 30";
    for (const [name, type, status] of [
      ["core-9.lab.example", "A", "NXDOMAIN"],
      ["core-1.lab.example", "MX", "NOERROR"],
    ]) {
      const said = await dig(ctx, port, "+comments", "+authority", name, type, over);
      expect(said).toContain(`status: ${status}`);
      expect(said).toContain(soa);
      expect(said).not.toMatch(/WARNING: (?!recursion)|Got bad packet|malformed/);
    }
  });
});

test("dig is told that an answer is cut short, and fetches the whole over TCP", async (ctx) => {
  const port = await serve();
  const cut = await dig(ctx, port, "+comments", "+ignore", "+noedns", "many.lab.example", "TXT");
  expect(cut).toMatch(/flags: qr aa tc rd;.* ANSWER: 0/);
  const whole = await dig(ctx, port, "+comments", "many.lab.example", "TXT");
  expect(whole).toMatch(/flags: qr aa rd;.* ANSWER: 12/);
  const large = await dig(
    ctx,
    port,
    "+comments",
    "+ignore",
    "+bufsize=4096",
    "mail.lab.example",
    "A",
  );
  expect(large).toMatch(/EDNS: version: 0, flags:; udp: 1232/);
});

test("dig is refused what dns_server does not do", async (ctx) => {
  const port = await serve();
  for (const [args, status] of [
    [["elsewhere.example", "A"], "REFUSED"],
    [["lab.example", "A", "-c", "CH"], "REFUSED"],
    [["lab.example", "A", "+opcode=2"], "NOTIMP"],
    [["lab.example", "A", "+edns=1", "+noednsneg"], "BADVERS"],
  ] as const) {
    expect(await dig(ctx, port, "+comments", ...args)).toContain(`status: ${status}`);
  }
});

const OF_DNSMASQ: readonly [args: string[], lines: RegExp[]][] = [
  [["core-1.masq.example"], [/^core-1\.masq\.example\. 60 IN A 192\.0\.2\.11$/]],
  [["core-1.masq.example", "--type", "aaaa"], [/ IN AAAA 2001:db8::11$/]],
  [["www.masq.example"], [/ IN CNAME core-1\.masq\.example\.$/, / IN A 192\.0\.2\.11$/]],
  [["masq.example", "--type", "MX"], [/ IN MX 10 mail\.masq\.example\.$/]],
  [["text.masq.example", "--type", "TXT"], [/ IN TXT "one" "two words"$/]],
  [["_http._tcp.masq.example", "--type", "SRV"], [/ IN SRV 0 5 8080 core-1\.masq\.example\.$/]],
  [["192.0.2.11"], [/^11\.2\.0\.192\.in-addr\.arpa\. 60 IN PTR core-1\.masq\.example\.$/]],
];

describe.each([
  ["UDP", []],
  ["TCP", ["--tcp"]],
])("over %s dns_lookup takes from dnsmasq", (_, over) => {
  test.for(OF_DNSMASQ)("%s", async ([args, expected], ctx) => {
    const { status, lines, stderr } = await lookup(await startDnsmasq(ctx), ...args, ...over);
    expect(stderr).toBe("");
    expect(lines).toEqual(expected.map((line) => expect.stringMatching(line)));
    expect(status).toBe(0);
  });
});

test("dns_lookup fetches over TCP what dnsmasq cuts short, and says what is missing", async (ctx) => {
  const port = await startDnsmasq(ctx);
  expect((await lookup(port, "many.masq.example", "--type", "TXT")).lines).toHaveLength(12);
  expect(await lookup(port, "core-9.masq.example")).toMatchObject({
    status: 1,
    stderr: "dns_lookup: there is no core-9.masq.example.: check its spelling\n",
  });
  expect(await lookup(port, "core-1.masq.example", "--type", "MX")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("has no MX records"),
  });
});

test("dns_by_hand finds an address with dnsmasq, through an alias too", async (ctx) => {
  const port = await startDnsmasq(ctx);
  const { status, stdout } = await runHere(dnsByHand, [
    "www.masq.example",
    "--port",
    String(port),
  ]).end();
  expect([status, stdout]).toEqual([0, "192.0.2.11\n"]);
});

test("dns_server forwards to dnsmasq, whole answers too, and dnsmasq to dns_server", async (ctx) => {
  const ours = await serve("--upstream", `127.0.0.1:${await startDnsmasq(ctx)}`);
  expect(await dig(ctx, ours, "+answer", "core-1.masq.example")).toMatch(/ IN A 192\.0\.2\.11$/);
  expect(await dig(ctx, ours, "+comments", "many.masq.example", "TXT")).toMatch(/ANSWER: 12/);
  expect(await dig(ctx, ours, "+comments", "core-9.masq.example")).toMatch(/NXDOMAIN/);
  const theirs = await startDnsmasq(ctx, `--server=/lab.example/127.0.0.1#${await serve()}`);
  expect((await lookup(theirs, "www.lab.example")).lines.at(-1)).toBe(
    "core-1.lab.example. 60 IN A 192.0.2.11",
  );
  expect((await lookup(theirs, "many.lab.example", "--type", "TXT")).lines).toHaveLength(12);
});
