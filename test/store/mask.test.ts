import { describe, expect, test } from "vitest";
import { MASK, maskLines } from "../../src/store/mask";

const masked = (line: string) => maskLines([line])[0] ?? "";

describe("hidden is", () => {
  test.each([
    "enable secret 9 $9$HUSH",
    "enable password HUSH with blanks",
    "username ada privilege 15 secret 5 HUSH",
    "username ada password 7 HUSH",
    " password 7 HUSH",
    "snmp-server community HUSH RO",
    "set snmp community HUSH authorization read-only",
    "snmp-server host 10.0.0.1 version 2c HUSH",
    "snmp-server user ada admins v3 auth sha HUSH priv aes 128 HUSH",
    "crypto isakmp key HUSH address 192.0.2.1",
    " pre-shared-key address 192.0.2.1 key HUSH",
    "tacacs-server host 192.0.2.1 key 7 HUSH",
    "radius-server key HUSH",
    " key 7 HUSH",
    "  key-string HUSH",
    " neighbor 10.0.0.1 password HUSH",
    " ip ospf message-digest-key 1 md5 HUSH",
    " ip ospf authentication-key HUSH",
    " standby 1 authentication text HUSH",
    "ntp authentication-key 1 md5 HUSH 7",
    "wpa-psk ascii 0 HUSH",
    " set psksecret ENC HUSH",
    'encrypted-password "$6$HUSH"; ## SECRET-DATA',
    'set system root-authentication odd-word "HUSH" ## SECRET-DATA',
    'set security ike policy p pre-shared-key ascii-text "HUSH"',
    '  "password": "HUSH",',
    "db_password=HUSH",
    "api_key: HUSH",
    "ENABLE SECRET HUSH\r",
  ])("the secret of %j", (line) => {
    expect(masked(line)).not.toContain("HUSH");
    expect(masked(line)).toContain(MASK);
    expect(masked(line).endsWith("\r")).toBe(line.endsWith("\r"));
  });

  test("the whole of a private key, and nothing after it", () => {
    const key = [
      "crypto pki certificate",
      "-----BEGIN RSA PRIVATE KEY-----",
      "HUSH+/=",
      "HUSH",
      "-----END RSA PRIVATE KEY-----",
      "end",
    ];
    expect(maskLines(key)).toEqual([key[0], key[1], MASK, MASK, key[4], key[5]]);
  });
});

test.each([
  "hostname core-1",
  "service password-encryption",
  "key chain OSPF",
  " key 1",
  " password",
  "interface GigabitEthernet0/1",
  " ip address 192.0.2.1 255.255.255.0",
  "ip host core-2 192.0.2.2",
  "bgp community new-format",
  " description see secrets.txt",
  "",
])("%j is shown as it is", (line) => expect(masked(line)).toBe(line));

test("a mebibyte that was made to be slow is masked without a stop", () => {
  const bait = ["key ", "password", "a password-", "-", " ", "snmp-server ", '"'];
  const before = process.cpuUsage();
  for (const part of bait) maskLines([part.repeat(2 ** 20 / part.length)]);
  // Quadratic time would be hours.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
});
