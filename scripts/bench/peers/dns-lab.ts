// dns_server's own answers, with a zone of three records, over UDP.
import { answering } from "../../../dist/dns_answering";
import { serveUdp } from "../../../dist/dns_serve_udp";
import { Zone } from "../../../src/dns/zone";
import { parseZoneFile } from "../../../src/dns/zone-file";
import { bind } from "../../../src/sockets/udp";

const zone = new Zone(
  parseZoneFile(`$ORIGIN lab.example.
$TTL 60
@ SOA ns1 admin 1 7200 900 1209600 30
@ NS ns1
core-1 A 192.0.2.11
`),
);
const server = await bind({ port: 0 });
console.log(server.local.port);
await serveUdp(server, answering(zone));
