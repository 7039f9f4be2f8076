/**
 * One TCP connection as tcpdump printed it, for machines on which it may not capture: the client
 * ends first, and the server sends an answer after that.
 */
import { readPackets } from "./tcpdump";

const SERVER_PORT = 44575;

// tcpdump -i lo -n -t "tcp port 44575", without the options of the packets
const PRINTED = `
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [S], seq 4001684748, win 65495, length 0
IP 127.0.0.1.44575 > 127.0.0.1.49714: Flags [S.], seq 2342160985, ack 4001684749, win 65483, length 0
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [.], ack 1, win 64, length 0
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [P.], seq 1:6, ack 1, win 64, length 5
IP 127.0.0.1.44575 > 127.0.0.1.49714: Flags [.], ack 6, win 64, length 0
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [F.], seq 6, ack 1, win 64, length 0
IP 127.0.0.1.44575 > 127.0.0.1.49714: Flags [.], ack 7, win 64, length 0
IP 127.0.0.1.44575 > 127.0.0.1.49714: Flags [P.], seq 1:4, ack 7, win 64, length 3
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [.], ack 4, win 64, length 0
IP 127.0.0.1.44575 > 127.0.0.1.49714: Flags [F.], seq 4, ack 7, win 64, length 0
IP 127.0.0.1.49714 > 127.0.0.1.44575: Flags [.], ack 5, win 64, length 0
`;

export const storedPackets = readPackets(PRINTED, SERVER_PORT);
