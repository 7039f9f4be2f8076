"""The challenge of Part 6 by somebody who stays with Python: sockets and threads, nothing else."""

import html
import socket
import sys
import threading

PATHS = ("/", "/hello", "/about")
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}


def page(lines):
    body = "".join(f"    {line}\n" for line in lines)
    return f"<html>\n<body>\n{body}</body>\n</html>\n"


def receive_head(client):
    """Bytes up to the empty line, and what came after it; None if the client left before."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(4096)
        if not chunk:
            return None
        data += chunk
    return data.split(b"\r\n\r\n", 1)


def parse(head):
    request_line, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = request_line.split(" ")
    fields = {}
    for line in lines:
        name, value = line.split(":", 1)
        fields[name.lower()] = value.strip()
    return method, path, fields


def respond(method, path, fields):
    if path not in PATHS:
        return 404, page(["<h1>404 Not Found</h1>", "<p>The page you requested does not exist.</p>"])
    shown = {"Method": method, "Path": path, "Browser": fields.get("user-agent", "unknown")}
    lines = [f"<p><strong>{name}:</strong> {html.escape(text)}</p>" for name, text in shown.items()]
    return 200, page(["<h1>Request Info</h1>", *lines])


def response_bytes(status, body):
    content = body.encode()
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + content


def serve(client):
    with client:
        try:
            received = receive_head(client)
            if received is None:
                return
            head, body = received
            method, path, fields = parse(head)
            while len(body) < int(fields.get("content-length", 0)):
                chunk = client.recv(4096)
                if not chunk:
                    return
                body += chunk
            client.sendall(response_bytes(*respond(method, path, fields)))
        except ValueError:
            client.sendall(response_bytes(400, page(["<h1>400 Bad Request</h1>"])))
        except OSError:
            pass  # the client has gone


def main():
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
    host, port = server.getsockname()
    print(f"HTTP server listening on {host}:{port}", flush=True)
    while True:
        client, _address = server.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


if __name__ == "__main__":
    main()
