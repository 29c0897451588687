"""Fuzzes the local server: no answer of 500 or above, none outside the specification, no hang, no
panic.

Half of the time schemathesis (`pip install schemathesis`) sends requests that it generates from the
specification, valid and invalid; in the other half this script breaks the bytes of valid requests.

    cargo build -p video-api-server
    python3 tests/server/fuzz.py --seconds 600
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec" / "video-api.json"
# Longer than any answer takes; requests are complete or half-closed, so that nothing waits for more.
PATIENCE = 20
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
METHODS = ("get", "post", "put", "patch", "delete")


def encode(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def server_token(secret):
    head = encode(b'{"alg":"HS256","typ":"JWT"}') + "." + encode(b'{"server":true}')
    signature = hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()
    return f"{head}.{encode(signature)}"


class Server:
    """The binary, started with the state of a small seed."""

    def __init__(self, binary, seed_file):
        self.errors = []
        self.process = subprocess.Popen(
            [binary, "--port", "0", "--json", "--create-users", "--seed", seed_file],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        banner = json.loads(self.process.stdout.readline())
        self.url = banner["url"]
        self.key = banner["api_key"]
        self.token = server_token(banner["api_secret"])
        host, port = self.url.removeprefix("http://").split(":")
        self.address = (host, int(port))
        self.refusals = self.answers = 0
        threading.Thread(target=self.read_lines, daemon=True).start()
        threading.Thread(target=self.read_errors, daemon=True).start()

    def read_lines(self):
        for line in self.process.stdout:
            request = json.loads(line)
            self.answers += 1
            self.refusals += request["status"] >= 400
            if request["status"] >= 500:
                self.errors.append(line.strip())

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.strip())

    def check(self):
        """Fails when the server has ended, panicked, answered with a 5xx, or does not answer."""
        with socket.create_connection(self.address, PATIENCE) as stream:
            stream.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            answer = stream.recv(64)
        if not answer.startswith(b"HTTP/1.1 200"):
            self.errors.append(f"/health answers {answer!r}")
        if self.process.poll() is not None:
            self.errors.append(f"the server ended with {self.process.returncode}")
        if self.errors:
            sys.exit("FAILED\n" + "\n".join(self.errors[:20]))


def run_schemathesis(server, seconds, seed):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "schemathesis.toml"
        config.write_text(
            f'[auth.openapi.api_key]\napi_key = "{server.key}"\n'
            '[auth.openapi.auth_type]\napi_key = "jwt"\n'
            f'[auth.openapi.jwt]\napi_key = "{server.token}"\n'
        )
        spec = json.loads(SPEC.read_text())
        # Absent while a call runs, says the page; the API writes null, and so does the server.
        spec["components"]["schemas"]["CallResponse"]["properties"]["ended_at"]["nullable"] = True
        served = pathlib.Path(folder) / "video-api.json"
        served.write_text(json.dumps(spec))
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += [str(served), "--url", server.url, "--checks", CHECKS]
        command += ["--phases", "coverage,fuzzing,stateful", "--max-time", str(seconds)]
        command += ["--seed", str(seed), "--request-timeout", str(PATIENCE), "--no-shrink"]
        command += ["--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    print(*result.stdout.splitlines()[-12:], sep="\n")
    if result.returncode != 0:
        sys.exit(f"FAILED: schemathesis\n{result.stdout[-6000:]}{result.stderr[-2000:]}")


def valid_requests(server):
    """One request for every operation, with a body where it takes one."""
    values = {"type": "default", "call_type": "default", "id": "standup", "call_id": "standup"}
    for path, item in json.loads(SPEC.read_text())["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            target = path
            for name, value in values.items():
                target = target.replace("{" + name + "}", value)
            target = target.replace("{", "").replace("}", "") + f"?api_key={server.key}"
            body = "" if method == "get" else '{"user_id":"ana","limit":3,"custom":{"a":[1,null]}}'
            yield (
                f"{method.upper()} {target} HTTP/1.1\r\nhost: localhost\r\n"
                f"authorization: {server.token}\r\nstream-auth-type: jwt\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
            ).encode()


def broken(request, rng):
    """The request with a few bytes changed, moved, repeated or cut."""
    data = bytearray(request)
    for _ in range(rng.choice((0, 1, 1, 2, 4, 16))):
        place = rng.randrange(len(data)) if data else 0
        match rng.randrange(6):
            case 0:
                data[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                data[place:place] = rng.choice((b"\r\n", b"%00", b"\xff", b"{", b'"', b"\\u0000"))
            case 2:
                del data[place : place + rng.randrange(1, 40)]
            case 3:
                data[place:place] = data[place : place + rng.randrange(1, 200)]
            case 4:
                data[place:place] = b"9" * rng.randrange(1, 400)
            case 5:
                data = data.replace(
                    rng.choice((b"content-length", b"host", b"default", b"HTTP/1.1", b"jwt")),
                    rng.choice((b"transfer-encoding: chunked\r\nx", b"expect", b"..%2f", b"HTTP/1.0")),
                    1,
                )
    return bytes(data)


def send(server, data):
    """Sends bytes and no more; returns what comes back until the connection ends."""
    answer = b""
    with socket.create_connection(server.address, PATIENCE) as stream:
        try:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
            while part := stream.recv(65536):
                answer += part
        except TimeoutError:
            sys.exit(f"FAILED: the connection neither answers nor ends after {data!r}")
        except OSError:
            pass  # Closed before everything was written.
    return answer


def break_requests(server, seconds, rng):
    requests = list(valid_requests(server))
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        data = broken(rng.choice(requests), rng)
        answer = send(server, data)
        if answer.startswith(b"HTTP/1.1 5"):
            sys.exit(f"FAILED: {answer[:200]!r}\nafter {data!r}")
        count += 1
        if count % 1000 == 0:
            server.check()
    print(f"{count} requests with broken bytes")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=random.randrange(2**32))
    default = ROOT / "target" / "debug" / "video-api-server"
    arguments.add_argument("--binary", default=os.environ.get("VIDEO_API_SERVER", str(default)))
    options = arguments.parse_args()
    print(f"seed {options.seed}")
    seed = {
        "users": [{"id": "ana"}, {"id": "bob"}],
        "calls": [{"type": "default", "id": "standup", "data": {"created_by_id": "ana"}}],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(seed, file)
        file.flush()
        server = Server(options.binary, file.name)
    try:
        run_schemathesis(server, max(1, options.seconds // 2), options.seed)
        server.check()
        break_requests(server, options.seconds / 2, random.Random(options.seed))
        server.check()
        print(f"{server.answers} answers, {server.refusals} of them refusals, no 5xx")
    finally:
        server.process.kill()
        server.process.wait()


main()
