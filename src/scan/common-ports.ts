/** Ports where something often listens, and the name of the service that is expected there. */
import { portName } from "../lab/port-names";

export interface CommonPort {
  readonly port: number;
  readonly service: string;
}

// Names: IANA Service Name and Transport Protocol Port Number Registry, where it has one that is in
// use. The first five are those of Part 1.
const TABLE = `
  22 ssh           53 domain        80 http         443 https        514 shell
  7 echo           9 discard        13 daytime      20 ftp-data      21 ftp
  23 telnet        25 smtp          37 time         43 whois         49 tacacs
  70 gopher        79 finger        88 kerberos     102 iso-tsap     106 pop3pw
  110 pop3         111 sunrpc       113 auth        119 nntp         135 epmap
  139 netbios-ssn  143 imap         161 snmp        179 bgp          199 smux
  264 bgmp         389 ldap         427 svrloc      444 snpp         445 microsoft-ds
  464 kpasswd      465 submissions  500 isakmp      502 mbap         512 exec
  513 login        515 printer      543 klogin      544 kshell       548 afpovertcp
  554 rtsp         563 nntps        587 submission  593 http-rpc     623 ipmi
  631 ipp          636 ldaps        646 ldp         749 kerberos-adm 830 netconf-ssh
  853 domain-s     873 rsync        902 vmware      989 ftps-data    990 ftps
  992 telnets      993 imaps        995 pop3s       1080 socks       1099 rmiregistry
  1194 openvpn     1433 ms-sql-s    1521 oracle     1720 h323        1723 pptp
  1883 mqtt        1900 ssdp        2000 cisco-sccp 2049 nfs         2082 cpanel
  2181 zookeeper   2222 ssh-alt     2375 docker     2376 docker-s    2379 etcd-client
  3000 dev-server  3128 squid       3260 iscsi      3268 msft-gc     3306 mysql
  3389 ms-wbt      3690 svn         4369 epmd       4443 https-alt   4789 vxlan
  5000 upnp        5060 sip         5061 sips       5201 iperf3      5222 xmpp-client
  5353 mdns        5432 postgresql  5555 adb        5601 kibana      5672 amqp
  5671 amqps       5900 vnc         5901 vnc-1      5984 couchdb     5985 wsman
  5986 wsmans      6000 x11         6379 redis      6443 kubernetes  6667 irc
  6697 ircs        7000 afs3        7001 weblogic   8000 http-alt    8006 proxmox
  8008 http-alt    8081 http-alt    8086 influxdb   8088 http-alt    8123 home-assistant
  8140 puppet      8291 winbox      8333 bitcoin    8443 https-alt   8500 consul
  8728 routeros    8883 mqtts       8888 jupyter    9000 http-alt    9042 cassandra
  9092 kafka       9100 jetdirect   9200 elastic    9300 elastic     9418 git
  9443 https-alt   10000 ndmp       10050 zabbix    11211 memcached  15672 rabbitmq
  25565 minecraft  27017 mongodb    32400 plex      50000 db2        51413 bittorrent
  8080 http-alt    9090 cockpit
`;

/** In the order of the table. */
export const COMMON_PORTS: readonly CommonPort[] = [...TABLE.matchAll(/(\d+) (\S+)/g)].map(
  ([, port, service]) => ({ port: Number(port), service: service ?? "" }),
);

const SERVICES = new Map(COMMON_PORTS.map(({ port, service }) => [port, service]));

/**
 * The service that is usually at a TCP port, from the table above, then from this machine's own list;
 * empty when neither knows. It is an expectation: any program may listen on any port.
 */
export function serviceName(port: number): string {
  return SERVICES.get(port) ?? portName(port, "tcp") ?? "";
}
