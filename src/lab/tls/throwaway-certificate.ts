// A certificate to try TLS with on this machine: self-signed, valid for an hour, never on disk.
// Structure: RFC 5280, section 4.1.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  context,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
  utf8,
} from "./der";

const VALID_MS = 3_600_000;
// A clock that is a little behind ours must not find the certificate "not yet valid".
const CLOCK_SKEW_MS = 60_000;

const COMMON_NAME = "2.5.4.3"; // RFC 5280, appendix A.1
const SUBJECT_ALT_NAME = "2.5.29.17"; // RFC 5280, section 4.2.1.6
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"; // RFC 5758, section 3.2

/** What a TLS server needs, both in PEM. The certificate is also what a client has to trust. */
export interface ThrowawayCertificate {
  readonly cert: string;
  readonly key: string;
}

function toBeSigned(name: string, publicKey: KeyObject): Buffer {
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const distinguishedName = sequence(setOf(sequence(objectIdentifier(COMMON_NAME), utf8(name))));
  const now = Date.now();
  const serial = randomBytes(8);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f); // positive, and without a leading zero byte
  // GeneralName [2] is a dNSName, in ASCII.
  const alternative = sequence(context(2, Buffer.from(name, "ascii"), false));
  return sequence(
    context(0, integer(Buffer.of(2))), // version 3
    integer(serial),
    algorithm,
    distinguishedName, // the issuer, who is also
    sequence(utcTime(new Date(now - CLOCK_SKEW_MS)), utcTime(new Date(now + VALID_MS))),
    distinguishedName, // the subject
    publicKey.export({ type: "spki", format: "der" }),
    context(3, sequence(sequence(objectIdentifier(SUBJECT_ALT_NAME), octetString(alternative)))),
  );
}

/** A fresh key and a certificate for the host `name`, signed by that key, valid for an hour. */
export function throwawayCertificate(name = "localhost"): ThrowawayCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = toBeSigned(name, publicKey);
  const signed = sequence(
    certificate,
    sequence(objectIdentifier(ECDSA_WITH_SHA256)),
    bitString(sign("sha256", certificate, privateKey)),
  );
  const base64 = signed.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}
