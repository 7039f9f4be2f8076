import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { objectIdentifier, octetString } from "../../../src/lab/tls/der";
import { throwawayCertificate } from "../../../src/lab/tls/throwaway-certificate";
import { startChild } from "../../support/child";
import { requireTool } from "../../support/tools";

test("signs itself, for the name it is given, from a minute ago and for an hour", () => {
  const certificate = new X509Certificate(throwawayCertificate("lab.test").cert);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkHost("lab.test")).toBe("lab.test");
  expect(certificate.checkHost("other.test")).toBeUndefined();
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  expect(from).toBeLessThan(Date.now() - 55_000);
  expect(Math.abs(to - Date.now() - 3_600_000)).toBeLessThan(5_000);
});

test("is another one each time, with a positive serial number of eight bytes", () => {
  const serials = Array.from({ length: 20 }, () => {
    return new X509Certificate(throwawayCertificate().cert).serialNumber;
  });
  expect(new Set(serials).size).toBe(20);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{15}$/);
});

test("carries a TLS connection for a client that trusts it, and for no other", async () => {
  const certificate = throwawayCertificate();
  const server = createServer(certificate, (socket) => socket.end("inside"));
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const options = { port, host: "127.0.0.1", servername: "localhost" };

  const trusting = connect({ ...options, ca: certificate.cert });
  let text = "";
  for await (const piece of trusting) text += String(piece);
  expect(text).toBe("inside");
  expect(trusting.authorized).toBe(true);

  const [error] = await once(connect(options), "error").catch((thrown) => [thrown]);
  expect(error).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
});

test("is a certificate by OpenSSL's strict rules", async (ctx) => {
  await requireTool(ctx, "openssl", "sudo apt-get install openssl");
  const child = startChild("openssl", ["x509", "-noout", "-text", "-ext", "subjectAltName"]);
  child.write(throwawayCertificate().cert, { end: true });
  const { status, stdout, stderr } = await child.end();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("DNS:localhost");
});

test("writes lengths in one, two and three bytes, and long arcs, as DER does", () => {
  expect(octetString(Buffer.alloc(127)).subarray(0, 2).toString("hex")).toBe("047f");
  expect(octetString(Buffer.alloc(128)).subarray(0, 3).toString("hex")).toBe("048180");
  expect(octetString(Buffer.alloc(256)).subarray(0, 4).toString("hex")).toBe("04820100");
  // The example of X.690, 8.19.5, and the arcs of RSA Data Security.
  expect(objectIdentifier("2.100.3").toString("hex")).toBe("0603813403");
  expect(objectIdentifier("1.2.840.113549").toString("hex")).toBe("06062a864886f70d");
});
