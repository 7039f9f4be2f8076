"""One request after the other, one on each connection: as the original lab's server does."""

import socket

BODY = "Hello from a socket!"

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(("127.0.0.1", 0))
server_socket.listen(128)
print(server_socket.getsockname()[1], flush=True)

while True:
    client_socket, client_address = server_socket.accept()
    request = client_socket.recv(1024).decode()
    client_socket.sendall(
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n{BODY}"
        ).encode()
    )
    client_socket.close()
