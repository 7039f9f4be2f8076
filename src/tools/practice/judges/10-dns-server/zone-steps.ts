/** What the server answers from its zone, and what it refuses. */
import type { Step, StepContext } from "../../judging/judge";
import { ABSENCE, ALIAS, CASE, REFUSE, REPLY, TYPES } from "./hints";
import { ServerCheck } from "./server-check";

const EDIT = "dns_decide";

async function answersAddress(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  for (const [name, address] of [
    [zone.host, zone.ipv4],
    [`mail.${zone.name}`, "192.0.2.25"],
  ] as const) {
    const answer = await server.ask(name);
    server.expect(answer, "NOERROR", [`A ${address}`], { hints: REPLY });
    if (answer.authoritative) continue;
    const what = "Expected the AA bit: the server owns the zone. It is not set.";
    throw server.failure({ what, hints: REPLY });
  }
}

async function answersTypes(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  for (const [name, type, data] of [
    [zone.host, "AAAA", zone.ipv6],
    [zone.name, "MX", `10 mail.${zone.name}.`],
    [zone.name, "NS", `ns1.${zone.name}.`],
    [`text.${zone.name}`, "TXT", `"${zone.word}"`],
  ] as const) {
    server.expect(await server.ask(name, type), "NOERROR", [`${type} ${data}`], { hints: TYPES });
  }
}

async function followsAlias(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  const records = [`CNAME ${zone.host}.`, `A ${zone.ipv4}`];
  server.expect(await server.ask(`www.${zone.name}`), "NOERROR", records, { hints: ALIAS });
}

async function tellsAbsence(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  for (const [name, type, rcode] of [
    [`${context.randomWord()}.${zone.name}`, "A", "NXDOMAIN"],
    [zone.host, "MX", "NOERROR"],
  ] as const) {
    const answer = await server.ask(name, type);
    server.expect(answer, rcode, [], { hints: ABSENCE });
    if (answer.authority.some((record) => record.type === "SOA")) continue;
    const what = `Expected the SOA record in the authority section of ${rcode}, and it is missing.`;
    throw server.failure({ what, hints: ABSENCE });
  }
}

async function ignoresCase(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  const odd = Array.from(zone.host, (sign, i) => (i % 2 === 0 ? sign.toUpperCase() : sign)).join(
    "",
  );
  for (const name of [zone.host.toUpperCase(), odd]) {
    server.expect(await server.ask(name), "NOERROR", [`A ${zone.ipv4}`], { hints: CASE });
  }
}

async function refuses(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone } = server;
  const other = await server.ask(`${context.randomWord()}.test`);
  server.expect(other, "REFUSED", [], { hints: REFUSE });
  server.expect(await server.ask(zone.host, "A", { opcode: "STATUS" }), "NOTIMP", [], {
    hints: REFUSE,
  });
  const good = server.query(zone.host);
  const damaged = Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]);
  const answer = await server.send(damaged);
  if (answer === undefined || (answer[3] & 0xf) !== 1) {
    throw server.failure({
      what: "Expected FORMERR to a pointer that leads to itself, and got another answer or none.",
      hints: REFUSE,
    });
  }
  const response = server.query(zone.host, "A", { response: true });
  if ((await server.send(response, { silence: true })) !== undefined) {
    throw server.failure({ what: "Expected no answer to an answer, and got one.", hints: REFUSE });
  }
  server.expect(await server.ask(zone.host), "NOERROR", [`A ${zone.ipv4}`], { hints: REFUSE });
}

export const ZONE_STEPS: readonly Step[] = [
  {
    name: "answers with the address of a name from the zone file",
    edit: EDIT,
    hints: REPLY,
    run: answersAddress,
  },
  { name: "answers questions for other types", edit: EDIT, hints: TYPES, run: answersTypes },
  { name: "follows an alias to its address", edit: EDIT, hints: ALIAS, run: followsAlias },
  {
    name: "tells a missing name from a missing type, with the SOA record",
    edit: EDIT,
    hints: ABSENCE,
    run: tellsAbsence,
  },
  { name: "finds a name in upper and lower case", edit: EDIT, hints: CASE, run: ignoresCase },
  {
    name: "refuses what it cannot answer, and leaves answers alone",
    edit: EDIT,
    hints: REFUSE,
    run: refuses,
  },
];
