# The same server as a blocking loop in Python, with the calls of the original lab.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen(511)
print(server.getsockname()[1], flush=True)

count = 0
while True:
    client, address = server.accept()
    count += 1
    line = f"Connection #{count} from {address}"
    client.recv(1024)
    client.send(f"Hello! You are connection #{count}".encode())
    client.close()
