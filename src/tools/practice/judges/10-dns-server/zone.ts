/** A zone with random names and addresses, in a file of its own: nothing in it can be known beforehand. */
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StepContext } from "../../judging/judge";

export interface TestZone {
  /** `word.example` */
  readonly name: string;
  /** A host in it, and its addresses. */
  readonly host: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly word: string;
  readonly lines: readonly string[];
  readonly file: string;
}

const LONG_TEXTS = 5;

/** Writes the zone file; it is removed after the step. */
export async function makeZone(context: StepContext): Promise<TestZone> {
  const [zone, host, word] = [context.randomWord(), context.randomWord(), context.randomWord()];
  const last = randomInt(30, 250);
  const [name, ipv4, ipv6] = [`${zone}.example`, `192.0.2.${last}`, `2001:db8::${last}`];
  const lines = [
    `$ORIGIN ${name}.`,
    "$TTL 60",
    "@ IN SOA ns1 admin ( 1 7200 900 1209600 30 )",
    "@ IN NS ns1",
    "@ IN MX 10 mail",
    "ns1 IN A 192.0.2.1",
    "mail IN A 192.0.2.25",
    `${host} IN A ${ipv4}`,
    `${host} IN AAAA ${ipv6}`,
    `text IN TXT "${word}"`,
    `www IN CNAME ${host}`,
    ...Array.from({ length: LONG_TEXTS }, (_, i) => `long IN TXT "${String(i).repeat(150)}"`),
  ];
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-dns-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, `${name}.zone`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return { name, host: `${host}.${name}`, ipv4, ipv6, word, lines, file };
}
