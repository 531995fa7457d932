"""An S3 server on loopback behind a proxy that can refuse, put off, delay and cut what goes through it."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from uuid import uuid4

import boto3  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer

Weather = Literal["fair", "refusing", "slow down", "slow", "cut"]
"""What the store does: answers; refuses connections; answers 503 SlowDown; answers late; cuts its answers off."""

SLOW_DOWN = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code>'
    b"<Message>Please reduce your request rate.</Message><RequestId>1</RequestId></Error>"
)
DELAY_SECONDS = 0.4
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}


class Store:
    """The store as its clients see it, at `endpoint` (`host:port`), with one `bucket`.

    `weather` may change at any moment.
    """

    def __init__(self, behind: tuple[str, int], bucket: str) -> None:
        self._behind = behind
        self.bucket = bucket
        self._weather: Weather = "fair"
        self._server = self._listening(0)
        self.endpoint = f"127.0.0.1:{self._server.server_port}"
        self.answered = 0

    @property
    def weather(self) -> Weather:
        return self._weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        was, self._weather = self._weather, weather
        if weather == "refusing" and was != "refusing":
            self.close()
        elif weather != "refusing" and was == "refusing":
            self._server = self._listening(self._server.server_port)

    def objects(self) -> list[str]:
        """The objects in the bucket."""
        return [found["Key"] for found in self._client().list_objects_v2(Bucket=self.bucket)["Contents"]]

    def delete(self, key: str) -> None:
        """Lose an object."""
        self._client().delete_object(Bucket=self.bucket, Key=key)

    def _client(self) -> Any:
        return client_of(f"http://{self._behind[0]}:{self._behind[1]}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listening(self, port: int) -> ThreadingHTTPServer:
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                store._answer(self, body)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on  # noqa: N815 (named by http.server)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    def _answer(self, client: BaseHTTPRequestHandler, body: bytes) -> None:
        weather = self._weather
        if weather == "refusing":  # on a connection that was open before
            client.close_connection = True
            client.connection.shutdown(socket.SHUT_RDWR)
            return
        if weather == "slow down":
            _send(client, 503, {"Content-Type": "application/xml"}, SLOW_DOWN, len(SLOW_DOWN))
            return
        if weather == "slow":
            time.sleep(DELAY_SECONDS)
        behind = http.client.HTTPConnection(*self._behind, timeout=60)
        try:
            behind.request(client.command, client.path, body or None, dict(client.headers))
            answer = behind.getresponse()
            content = answer.read()
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            length = int(answer.getheader("content-length") or len(content))
        finally:
            behind.close()
        self.answered += 1
        if weather == "cut" and client.command == "GET":
            _send(client, answer.status, headers, content[: len(content) // 2], length)
            client.close_connection = True
            client.connection.shutdown(socket.SHUT_RDWR)
            return
        _send(client, answer.status, headers, content, length)


def _send(client: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes, length: int) -> None:
    client.send_response(status)
    for name, value in headers.items():
        client.send_header(name, value)
    client.send_header("Content-Length", str(length))
    client.end_headers()
    if client.command != "HEAD":
        client.wfile.write(body)
    client.wfile.flush()


def client_of(endpoint: str) -> Any:
    """A client of the S3 server at `endpoint`."""
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)


@contextmanager
def store_behind_proxy() -> Iterator[Store]:
    """A store with a bucket of its own: the servers of one process share them. The keys that clients use are any."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = f"lake-{uuid4().hex}"
    client_of(f"http://{host}:{port}").create_bucket(Bucket=bucket)
    store = Store((host, port), bucket)
    try:
        yield store
    finally:
        if store.weather != "refusing":
            store.close()
        server.stop()
