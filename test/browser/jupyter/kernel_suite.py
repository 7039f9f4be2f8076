"""Jupyter's public kernel test suite, with samples in TypeScript, and what it does not cover.

Run by tools.test.ts, with JUPYTER_PATH leading to this repository's kernelspec.
"""

import time
import unittest

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel

KERNEL_NAME = "socket-lab"
ANSWER_TIMEOUT_S = 30
END_TIMEOUT_S = 10


class SocketLabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL_NAME
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world');"
    code_stderr = "console.error('something went wrong');"
    code_generate_error = "throw new RangeError('on purpose');"
    code_inspect_sample = "process"

    completion_samples = [
        {"text": "proce", "matches": {"process"}},
        {"text": "Number.isI", "matches": {"isInteger"}},
        {"text": "[1, 2].findLastI"},
    ]
    complete_code_samples = ["1 + 1", "console.log('x');", "function f() { return 1; }", "await f()"]
    incomplete_code_samples = ["function f() {", "console.log(", "const a = {", "if (true) {\n", "const a = `b"]
    invalid_code_samples = ["f(1));", "const = 1;", "1 +* 2"]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 + 2*"

    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[..." + '"ab"' + "].map((c) => c + c)", "result": "[ 'aa', 'bb' ]"},
        {"code": "await Promise.resolve({ port: 8080 })", "result": "{ port: 8080 }"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>x</b>');", "mime": "text/html"},
        {"code": "display.svg('<svg/>');", "mime": "image/svg+xml"},
        {"code": "display.png(new Uint8Array([1]));", "mime": "image/png"},
    ]


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL_NAME
    support_iopub_welcome = True


class LifeTests(unittest.TestCase):
    """Errors in full, interrupts and the end: not in the public suite."""

    def setUp(self):
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL_NAME)

    def tearDown(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def test_error_has_a_traceback_that_names_the_line(self):
        errors = []

        def output(message):
            if message["msg_type"] == "error":
                errors.append(message["content"])

        reply = self.client.execute_interactive(
            "const n = 1;\nthrow new TypeError('no');",
            output_hook=output,
            timeout=ANSWER_TIMEOUT_S,
        )
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(len(errors), 1)
        self.assertEqual(errors[0]["ename"], "TypeError")
        self.assertEqual(errors[0]["evalue"], "no")
        self.assertIn("In [1]:2:7", "\n".join(errors[0]["traceback"]))

    def test_interrupt_ends_an_endless_loop(self):
        for code in ["console.log('on'); for (;;);", "console.log('on'); for (;;) await null;"]:
            message_id = self.client.execute(code)
            while self.client.get_iopub_msg(timeout=ANSWER_TIMEOUT_S)["msg_type"] != "stream":
                pass
            self.manager.interrupt_kernel()
            reply = self.client.get_shell_msg(timeout=ANSWER_TIMEOUT_S)
            while reply["parent_header"]["msg_id"] != message_id:
                reply = self.client.get_shell_msg(timeout=ANSWER_TIMEOUT_S)
            self.assertEqual(reply["content"]["status"], "error")
            self.assertEqual(reply["content"]["ename"], "KernelInterrupted")
        reply = self.client.execute_interactive("1 + 1", timeout=ANSWER_TIMEOUT_S)
        self.assertEqual(reply["content"]["status"], "ok")

    def test_shutdown_ends_a_kernel_that_serves(self):
        self.client.execute_interactive(
            "import net from 'node:net'; net.createServer().listen(0, '127.0.0.1');",
            timeout=ANSWER_TIMEOUT_S,
        )
        self.client.shutdown()
        deadline = time.monotonic() + END_TIMEOUT_S
        while self.manager.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertFalse(self.manager.is_alive())

    def test_restart_forgets_what_was_declared(self):
        self.client.execute_interactive("const kept = 1;", timeout=ANSWER_TIMEOUT_S)
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=ANSWER_TIMEOUT_S)
        reply = self.client.execute_interactive("kept", timeout=ANSWER_TIMEOUT_S)
        self.assertEqual(reply["content"]["status"], "error")


if __name__ == "__main__":
    unittest.main(verbosity=2)
