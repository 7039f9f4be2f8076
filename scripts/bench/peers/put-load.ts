// Clients that put one configuration after the other, each on a connection that it keeps.
import { connect } from "node:net";

const HEAD_END = "\r\n\r\n";

/**
 * @param bytes of each configuration; no two are the same
 * @returns how many were acknowledged within the time
 */
export async function putLoad(
  port: number,
  clients: number,
  bytes: number,
  ms: number,
): Promise<number> {
  const end = performance.now() + ms;
  const counts = await Promise.all(
    Array.from({ length: clients }, (_, client) => putUntil(port, client, bytes, end)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

let bodies = 0;

function putUntil(port: number, client: number, bytes: number, end: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let acknowledged = 0;
    let received = "";
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const put = () => {
      const body = `! ${++bodies} of ${process.pid}\n`.padEnd(bytes, "interface Vlan1\n");
      const head = `PUT /configs/router-${client} HTTP/1.1\r\nHost: localhost\r\n`;
      socket.write(`${head}Content-Length: ${body.length}${HEAD_END}${body}`);
    };
    socket.setEncoding("latin1");
    socket.on("connect", put);
    socket.on("error", reject);
    socket.on("close", () => resolve(acknowledged));
    socket.on("data", (text: string) => {
      received += text;
      if (!received.endsWith(HEAD_END)) return;
      if (!/^HTTP\/1\.1 20[14] /.test(received)) {
        reject(new Error(`a PUT was answered: ${received.slice(0, 200)}`));
        socket.destroy();
        return;
      }
      received = "";
      acknowledged++;
      if (performance.now() < end) put();
      else socket.end();
    });
  });
}
