"""Answers every datagram with its number: the calls of a first UDP server, in order.

usage: udp_server.py [PORT]   (0, the default: the system chooses; the first line says which)
"""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0))
print("UDP Server listening on %s:%d" % server.getsockname(), flush=True)
count = 0
while True:
    data, address = server.recvfrom(1024)
    count += 1
    print(f"\nMessage #{count} from {address}: {data.decode(errors='replace')}", flush=True)
    server.sendto(f"Received! Message #{count}".encode(), address)
