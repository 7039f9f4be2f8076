// What every HTTP server under measurement answers.
export const BODY = "Hello from a socket!";
export const CONTENT_TYPE = "text/plain; charset=utf-8";

/** Longer than a measurement of idle connections takes. */
export const IDLE_MAX_MS = 10 * 60_000;

/** The answer as bytes, for the server that parses nothing; as long as the others' answers. */
export function answerBytes(close: boolean): Buffer {
  const connection = close ? "Connection: close\r\n" : "";
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: ${CONTENT_TYPE}\r\nContent-Length: ${BODY.length}\r\n` +
      `${connection}Date: ${new Date().toUTCString()}\r\n\r\n${BODY}`,
  );
}
