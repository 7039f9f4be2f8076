import { describe, expect, test } from "vitest";
import { LINE_MAX_CHARACTERS } from "../../src/store/limits";
import { MASK, masker } from "../../src/store/mask";

const maskLines = (lines: readonly string[]) => lines.map(masker());
const masked = (line: string) => masker()(line);

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
    // Both secrets of a line
    "snmp-server user ada g v3 auth sha HUSH priv aes 128 HUSH",
    "set snmp v3 usm local-engine user ada authentication-sha authentication-password HUSH privacy-password HUSH",
    // Vendors' own words
    "password cipher HUSH",
    "local-user ada password irreversible-cipher HUSH",
    " ospf authentication-mode md5 1 cipher HUSH",
    "snmp-agent community read cipher HUSH",
    "snmp-agent usm-user v3 ada authentication-mode sha HUSH",
    "set snmp trap-group HUSH targets 10.0.0.1",
    "snmp-server community-map HUSH context c",
    "set snmp v3 snmp-community x community-name HUSH",
    "session-key inbound esp 256 HUSH",
    "PrivateKey = HUSH",
    "PresharedKey = HUSH",
    " set pksecret HUSH",
    "  set private-key HUSH",
    " set wpa-passphrase HUSH",
    "wlan security wpa akm psk set-key ascii 0 HUSH",
    "client 192.0.2.1 server-key HUSH",
    "/user add name=ada password=HUSH",
    "/interface wireless security-profiles set default wpa2-pre-shared-key=HUSH",
    "set vpn ipsec authentication psk p secret HUSH",
    "set system login user ada authentication encrypted-password HUSH",
    "failover key HUSH",
    "ip nhrp authentication HUSH",
    " standby 1 authentication HUSH",
    "username ada sshkey-authkey HUSH",
    // XML, JSON, camelCase
    "<password>HUSH</password>",
    "  <snmp-community-string>HUSH</snmp-community-string>",
    '{"adminPassword":"HUSH"}',
    "sharedSecret: HUSH",
    "apiToken=HUSH",
    'radius { "sharedKey": "HUSH" }',
    // By their shape
    "set hash ENC HUSHabcd1234",
    " set passwd2 ENC HUSHabcd1234",
    "odd-word $1$HUSH$abcdefgh",
    "odd-word $5$HUSHabcdef",
    "odd-word $6$HUSHabcdef",
    "odd-word $8$HUSHabcdef",
    'odd-word "$9$HUSHabcdef"',
    "userPassword: {SSHA}HUSHabcd",
    "key HUSHq0Zr8kYt3vN6wLmB1cXdA==",
  ])("the secret of %j", (line) => {
    expect(masked(line)).not.toContain("HUSH");
    expect(masked(line)).toContain(MASK);
    expect(masked(line).endsWith("\r")).toBe(line.endsWith("\r"));
  });

  test.each([
    ["a server of TACACS", ["tacacs server one", " address ipv4 192.0.2.1", " key HUSH"]],
    ["a server of ASA", ["aaa-server A (inside) host 192.0.2.1", " key HUSH"]],
    [
      "Junos' snmp",
      ["snmp {", "    community HUSH {", "        authorization read-only;", "    }", "}"],
    ],
    ["FortiOS' snmp", ["config system snmp community", "    edit 1", '        set name "HUSH"']],
    ["an element of XML", ["<password>", "  HUSH", "</password>", "<name>ada</name>"]],
  ])("in the lines below %s", (_what, lines) => {
    const shown = maskLines(lines);
    expect(shown.join("\n")).not.toContain("HUSH");
    expect(shown.join("\n").match(/<masked>/g)).toHaveLength(1);
    expect([shown[0], shown.length]).toEqual([lines[0], lines.length]);
  });

  test("whatever a line has beyond the length that is looked through", () => {
    const line = `description ${"x".repeat(LINE_MAX_CHARACTERS)} password HUSH`;
    expect(masked(line)).toBe(`${line.slice(0, LINE_MAX_CHARACTERS)}${MASK}`);
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
  "ntp server 10.0.0.1 key 5",
  "ntp server 10.0.0.1 key 5 prefer",
  "ntp trusted-key 1",
  "password encryption aes",
  "password strength-check",
  "security passwords min-length 8",
  "no service password-recovery",
  "ip ssh server cipher aes256-ctr",
  "ssl cipher-suite high",
  "route-map OUT permit 10",
  " set community 65000:1",
  "community CUSTOMER members 65000:1;",
  "neighbor 10.0.0.1 send-community both",
  " authentication mode md5",
  " ip rip authentication key-chain OSPF",
  " standby 1 authentication md5 key-chain HSRP",
  " area 0 authentication message-digest",
  "banner text password-free",
  " text HELLO",
  "authentication HELLO",
  "username ada public-key ssh-rsa",
  "PublicKey = m1Zr8kYt3vN6wLmB1cXdA0pQ=",
  "interface Tunnel0",
  " tunnel key 5",
  "crypto key generate rsa modulus 2048",
  "<password></password>",
  "<password/>",
  "<name>core-1</name>",
  "price $1 for 6$",
  "",
])("%j is shown as it is", (line) => expect(masked(line)).toBe(line));

test.each([
  "key ",
  "password",
  "a password-",
  "-",
  " ",
  "snmp-server ",
  '"',
  "<",
  "aB",
  "$1$",
  "set x ENC ",
])("a line of many %j, made to be slow, costs no more than it is looked through", (part) => {
  const looked = masked(part.repeat(LINE_MAX_CHARACTERS / part.length));
  const long = masked(part.repeat(2 ** 20 / part.length));
  // What lies beyond is hidden without a look: the longer line ends where the other does.
  expect(long.length).toBeLessThanOrEqual(LINE_MAX_CHARACTERS + MASK.length);
  expect(looked.length).toBeLessThanOrEqual(LINE_MAX_CHARACTERS + MASK.length);
});
