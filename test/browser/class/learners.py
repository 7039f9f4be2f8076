"""Learners of a class, all at the same time: each signs up, starts a server, and runs parts in it from the top.

    python learners.py HUB_URL TOKEN NAMES PARTS

Prints a line of JSON for each event: {"event": "started", "learner"}, and for each part {"event": "ran",
"learner", "part", "status", "outputs"}, where `outputs` has what each cell printed. Then "done", and waits for
the end of its standard input, with every server and kernel still there.
"""

import asyncio
import json
import sys
from uuid import uuid4

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

START_MAX_S = 120
REPLY_MAX_S = 120
READY_POLL_S = 0.2

hub, token, names, parts = sys.argv[1:]
AUTHORIZATION = {"Authorization": f"token {token}"}
# The Hub, and each learner's server below it, have an origin of their own. Browsers find these names by themselves.
HOST = f"localhost:{hub.rstrip('/').rpartition(':')[2]}"


def headers_for(path):
    """What a browser sends for a page of the Hub or of a learner."""
    first, _, rest = path.partition("/")
    host = f"{rest.partition('/')[0]}.{HOST}" if first == "user" else HOST
    return {**AUTHORIZATION, "Host": host}

AsyncHTTPClient.configure(None, max_clients=100)


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


async def ask(method, path, body=None):
    request = HTTPRequest(
        hub + path,
        method=method,
        headers=headers_for(path),
        body=json.dumps(body) if body is not None else None,
        allow_nonstandard_methods=True,
        connect_timeout=START_MAX_S,
        request_timeout=START_MAX_S,
    )
    response = await AsyncHTTPClient().fetch(request)
    return json.loads(response.body) if response.body else None


async def start_server(name):
    await ask("POST", f"hub/api/users/{name}")
    await ask("POST", f"hub/api/users/{name}/server")
    await asyncio.wait_for(server_ready(name), START_MAX_S)


async def server_ready(name):
    while not (await ask("GET", f"hub/api/users/{name}"))["servers"].get("", {}).get("ready"):
        await asyncio.sleep(READY_POLL_S)


class Kernel:
    """A kernel behind the Hub, over one WebSocket (Jupyter messaging specification 5.3)."""

    async def open(self, name, part):
        path = f"notebooks/{part}.ipynb"
        session = await ask(
            "POST",
            f"user/{name}/api/sessions",
            {"path": path, "name": part, "type": "notebook", "kernel": {"name": "socket-lab"}},
        )
        address = hub.replace("http", "ws", 1) + f"user/{name}/api/kernels/{session['kernel']['id']}/channels"
        self.socket = await websocket_connect(
            HTTPRequest(address, headers=headers_for(f"user/{name}"), connect_timeout=START_MAX_S, request_timeout=START_MAX_S)
        )
        # iopub is a subscription: an answer to anything shows that it stands.
        await self.request("kernel_info_request", {})
        notebook = await ask("GET", f"user/{name}/api/contents/{path}?content=1")
        return notebook["content"]["cells"]

    async def request(self, kind, content, cell=None):
        """The reply, and the outputs that came before the kernel was idle again."""
        message_id = uuid4().hex
        header = {"msg_id": message_id, "msg_type": kind, "username": "", "session": "test", "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {"cellId": cell}, "content": content}
        await self.socket.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
        return await asyncio.wait_for(self.answers(message_id, kind), REPLY_MAX_S)

    async def answers(self, message_id, kind):
        reply, idle, outputs = None, False, []
        while reply is None or not idle:
            answer = json.loads(await self.socket.read_message())
            if answer["parent_header"].get("msg_id") != message_id:
                continue
            answered, said = answer["msg_type"], answer["content"]
            if answered == kind.replace("_request", "_reply"):
                reply = said
            elif answered == "status":
                idle = said["execution_state"] == "idle"
            elif answered in ("stream", "error", "display_data", "execute_result", "update_display_data"):
                outputs.append({"output_type": answered, **said})
        return reply, outputs


async def run_part(name, part):
    kernel = Kernel()
    outputs = {}
    status = "ok"
    for cell in await kernel.open(name, part):
        if cell["cell_type"] != "code":
            continue
        content = {"code": cell["source"], "silent": False, "store_history": True, "stop_on_error": True}
        reply, outputs[cell["id"]] = await kernel.request("execute_request", content, cell["id"])
        if reply["status"] != "ok" and "raises-exception" not in cell["metadata"].get("tags", []):
            status = f"{cell['id']}: {reply.get('ename')}: {reply.get('evalue')}"
            break
    tell("ran", learner=name, part=part, status=status, outputs=outputs)


async def learn(name, own_parts):
    await start_server(name)
    tell("started", learner=name)
    for part in own_parts:
        await run_part(name, part)


async def main():
    wanted = parts.split(",")
    # Not all at the same part: each begins with another.
    turns = [wanted[at % len(wanted) :] + wanted[: at % len(wanted)] for at in range(len(names.split(",")))]
    await asyncio.gather(*(learn(name, own_parts) for name, own_parts in zip(names.split(","), turns)))
    tell("done")
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
