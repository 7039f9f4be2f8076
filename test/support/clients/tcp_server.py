"""Answers every TCP connection with its number, one at a time: the calls of a first TCP server, in order.

usage: tcp_server.py [PORT]   (0, the default: the system chooses; the first line says which)
"""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0))
server.listen(5)
print("TCP Server listening on %s:%d" % server.getsockname(), flush=True)
count = 0
while True:
    client, address = server.accept()
    count += 1
    print(f"\nConnection #{count} from {address}", flush=True)
    data = client.recv(1024)
    print(f"Received: {data.decode(errors='replace')}", flush=True)
    client.send(f"Hello! You are connection #{count}".encode())
    client.close()
