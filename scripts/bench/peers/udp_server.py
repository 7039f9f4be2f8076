# The same server as a blocking loop in Python, with the calls of the original lab.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)

count = 0
while True:
    _, address = server.recvfrom(1024)
    count += 1
    server.sendto(f"Received! Message #{count}".encode(), address)
