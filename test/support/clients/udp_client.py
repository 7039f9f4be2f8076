"""Sends one datagram and prints the answer: the calls of a first UDP client, in order.

usage: udp_client.py HOST PORT [MESSAGE]
"""
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
message = sys.argv[3] if len(sys.argv) > 3 else "Hello from UDP client!"

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(10)
client.sendto(message.encode(), (host, port))
print(f"Sent to {host}:{port}")
answer, server = client.recvfrom(1024)
print(f"Received from {server}: {answer.decode()}")
client.close()
