"""Connects, says one thing, prints the answer: the calls of a first TCP client, in order.

usage: tcp_client.py HOST PORT [MESSAGE] [--read-to-end]
"""
import socket
import sys

arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
host, port = arguments[0], int(arguments[1])
message = arguments[2] if len(arguments) > 2 else "Hello from client!"

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.settimeout(10)
client.connect((host, port))
print(f"Connected to {host}:{port}")
client.send(message.encode())
answer = client.recv(1024)
while "--read-to-end" in sys.argv:
    more = client.recv(1024)
    if not more:
        break
    answer += more
print(f"Received: {answer.decode()}")
client.close()
