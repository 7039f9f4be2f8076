"""A port scanner in another language: the judge of Part 8 asks for options and a report, not for TypeScript."""
import argparse
import asyncio
import json
import re
import sys

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def port_list(text):
    ports = set()
    for part in text.split(","):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= 65535:
            raise argparse.ArgumentTypeError(f"{part!r} is no port")
        ports.update(range(first, last + 1))
    return sorted(ports)


async def probe(host, port, timeout):
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), timeout)
    except asyncio.TimeoutError:
        return "filtered"
    except ConnectionRefusedError:
        return "closed"
    own = writer.get_extra_info("sockname")[1]
    writer.transport.abort()
    return "closed" if own == port else "open"


async def greet(host, port, timeout):
    said = {"port": port}
    try:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            line = await asyncio.wait_for(reader.read(4096), timeout / 2)
            while b"\n" not in line and len(line) < 4096:
                more = await asyncio.wait_for(reader.read(4096), timeout / 2)
                if not more:
                    break
                line += more
            text = line.split(b"\r\n")[0].decode(errors="replace")
            said["banner"] = UNSAFE.sub(lambda c: f"\\u{ord(c[0]):04x}", text)[:100]
        except asyncio.TimeoutError:
            writer.write(f"HEAD / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout / 2)
            server = re.search(rb"\r\nserver: *(.*?)\r\n", head, re.I)
            if server:
                said["server"] = server[1].decode()
        writer.transport.abort()
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
        pass
    return said


async def scan(options):
    states = {}
    waiting = iter(options.ports)
    timeout = options.timeout / 1000

    async def place():
        for port in waiting:
            states[port] = await probe(options.host, port, timeout)

    await asyncio.gather(*(place() for _ in range(min(options.concurrency, len(options.ports)))))
    found = {state: [port for port in options.ports if states[port] == state] for state in ("open", "closed", "filtered")}
    found["open"] = [{"port": port} for port in found["open"]]
    if not options.no_banners:
        found["open"] = await asyncio.gather(*(greet(options.host, one["port"], timeout) for one in found["open"]))
    return {"address": options.host, **found}


parser = argparse.ArgumentParser()
parser.add_argument("host")
parser.add_argument("--ports", type=port_list, default=[22, 80, 443])
parser.add_argument("--timeout", type=int, default=1000)
parser.add_argument("--concurrency", type=int, default=200)
parser.add_argument("--no-banners", action="store_true")
parser.add_argument("--json", action="store_true")
parsed = parser.parse_args()
if not parsed.host.startswith("127."):
    parser.error(f"{parsed.host} is not this machine")
report = asyncio.run(scan(parsed))
if parsed.json:
    print(json.dumps({"hosts": [report]}))
else:
    for one in report["open"]:
        print(one["port"], "open", one.get("banner", ""))
sys.exit(0)
