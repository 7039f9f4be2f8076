/**
 * Words of configurations that announce a secret, from the documentation of vendors: Cisco IOS, NX-OS and ASA,
 * Juniper Junos, Arista EOS, Huawei VRP, Fortinet FortiOS, MikroTik RouterOS, Nokia SR OS, VyOS, WireGuard.
 */

/** The last part of a name says it: `db_password`, `adminPassword`, `pksecret`, `wpa-psk`. */
const ENDINGS =
  /(?:password|passwd|passphrase|passcode|secret|token|psk|apikey|presharedkey|sharedkey|sessionkey|privatekey|authkey|privkey|enckey|masterkey|wepkey)$/;
const LAST_PARTS = new Set(["pw", "pwd", "cipher", "irreversible-cipher"]);

/** `key` after one of these is a secret: `session-key`, `pre-shared-key`. A `public-key` is none. */
const KEY_KINDS =
  /(?:^|-)(?:shared|preshared|auth|authentication|privacy|priv|private|session|encryption|encrypt|enc|secret|api|master|wep|wpa|digest|md5|hmac|server|set)-key$/;

const LAST_WORDS = /(?:^|-)(?:key-string|ascii-text|community-string|password-hash|keypass)$/;

/** In a line or section about SNMP. */
const SNMP = new Set([
  "community",
  "community-map",
  "community-name",
  "trap-group",
  "securityname",
  "auth",
  "priv",
  "authentication-mode",
  "privacy-mode",
  "host",
]);

/** A bare `key` is a secret in lines and sections of these. */
const KEYED = /^(?:tacacs|radius|aaa-server|isakmp|ikev[12]|failover|keyring)/;

/** Protocols whose `authentication` is followed by the secret itself. */
const AUTHENTICATED = new Set(["standby", "vrrp", "glbp", "nhrp"]);

/** What follows a word that announces a secret, and says that this one does not. */
const NO_SECRET =
  /^(?:encryption|policy|policies|strength|strength-check|recovery|complexity|expir\w*|history|lifetime|min\w*(?:-length)?|max\w*(?:-length)?|length|aging|change|control|format|required|prompt|retry|attempts|(?:aes|3des|des|chacha|arcfour|rc4|blowfish|tls|ecdhe|dhe|camellia)[\w@.:+!-]*|high|medium|all|default|mode|md5|sha\d*|key-chain|keychain|text|message-digest)$/;

/** Secrets by their shape, wherever they are: crypt(3), Junos `$9$`, Cisco `$8$`, LDAP's `{SSHA}`. */
export const SECRET_SHAPE =
  /(?:\$(?:1|2[abxy]?|5|6|7|8|9|14|y|sha1|apr1|argon2\w{0,2})\$|\{(?:SSHA|SHA|MD5|CRYPT)\d{0,3}\})[^\s"'<>]{4}/;

/** After a bare `key`: text that only a program makes. */
const MADE_BY_PROGRAM = /^(?=[^\s"']*\d)(?=[^\s"']*[A-Za-z])[A-Za-z0-9+/=_-]{16,}$/;

/** What the words before say about the next, in the line and in the section that it belongs to. */
export interface Setting {
  readonly isSnmp: boolean;
  readonly isKeyed: boolean;
  readonly isNtp: boolean;
  readonly isAuthenticated: boolean;
}

export const NO_SETTING: Setting = {
  isSnmp: false,
  isKeyed: false,
  isNtp: false,
  isAuthenticated: false,
};

/** The setting after one more word. */
export function after(setting: Setting, word: string): Setting {
  if (word.startsWith("snmp")) return { ...setting, isSnmp: true };
  if (KEYED.test(word)) return { ...setting, isKeyed: true };
  if (word === "ntp") return { ...setting, isNtp: true };
  if (AUTHENTICATED.has(word)) return { ...setting, isAuthenticated: true };
  return setting;
}

/** `preSharedKey`, `PRESHARED_KEY` and `pre-shared-key` are one word. */
export function plainWord(word: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_.]/g, "-")
    .toLowerCase();
}

/**
 * True when `word` announces that a secret follows.
 * @param next the word that follows, behind a digit or `ENC` that says how it is encoded
 */
export function announces(
  word: string,
  previous: string,
  next: string,
  isEncoded: boolean,
  { isSnmp, isKeyed, isNtp, isAuthenticated }: Setting,
): boolean {
  if (next === "") return false;
  if (isSnmp && (SNMP.has(word) || (word === "name" && previous === "set"))) return true;
  if (!isEncoded && NO_SECRET.test(next.toLowerCase())) return false;
  const lastPart = word.slice(word.lastIndexOf("-") + 1);
  if (ENDINGS.test(lastPart) || LAST_PARTS.has(lastPart) || LAST_WORDS.test(word)) return true;
  if (KEY_KINDS.test(word)) return true;
  if (word === "key") return !isNtp && (isKeyed || isEncoded || MADE_BY_PROGRAM.test(next));
  if (word === "authentication") return isAuthenticated;
  return word === "text" && previous === "authentication";
}
