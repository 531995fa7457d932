"""A machine on AWS without any key: it has the role of `deploy/ecs/task-role.json`, and a store that keeps to it.

Its container asks an address on loopback for credentials, as one on ECS does. moto's server takes a request only where
the signature is that of credentials of the role, and the policy of the role allows it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]
import moto.settings
import pytest
from s3fs import S3FileSystem

from synth_assets.lake import ObjectStore
from synth_assets_tests.corpus.stores import s3_server
from synth_assets_tests.deploy.files import VALUES, filled_json

BUCKET, REGION = VALUES["BUCKET"], VALUES["REGION"]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Machine:
    """Where the machine finds its store, and where its role."""

    store: str
    role: str

    @property
    def object_store(self) -> ObjectStore:
        endpoint = urlsplit(self.store).netloc
        return ObjectStore(endpoint=endpoint, url_style="path", use_ssl=False, region=REGION)


@contextmanager
def machine_with_role() -> Iterator[Machine]:
    """A bucket with one file of a corpus, and the way to it by the role alone. Whatever has no role is refused."""
    with pytest.MonkeyPatch.context() as patch, s3_server() as store:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        with _server_of(_credentials(store)) as role:
            patch.setenv("AWS_ENDPOINT_URL", store)
            patch.setenv("AWS_DEFAULT_REGION", REGION)
            patch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", role)
            for file in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
                patch.setenv(file, os.devnull)
            patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
            # From here on the store looks who asks.
            patch.setattr(moto.settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
            S3FileSystem.clear_instance_cache()
            yield Machine(store, role)
            S3FileSystem.clear_instance_cache()


def _credentials(store: str) -> dict[str, str]:
    """Those of a session of the role, as a container is told them."""
    means: dict[str, Any] = {"endpoint_url": store, "region_name": REGION}
    means |= {"aws_access_key_id": "administrator", "aws_secret_access_key": "hunter2"}
    s3, iam, sts = (boto3.client(service, **means) for service in ("s3", "iam", "sts"))
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="corpus/letters.jsonl", Body=b'{"id": "a", "text": "Dear reader."}\n')
    made = iam.create_role(RoleName="task", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    policy = json.dumps(filled_json("ecs/task-role.json"))
    iam.put_role_policy(RoleName="task", PolicyName="task-role", PolicyDocument=policy)
    given = sts.assume_role(RoleArn=made["Arn"], RoleSessionName="one-task")["Credentials"]
    keys = {"AccessKeyId": given["AccessKeyId"], "SecretAccessKey": given["SecretAccessKey"]}
    return {**keys, "Token": given["SessionToken"], "Expiration": given["Expiration"].isoformat()}


@contextmanager
def _server_of(credentials: dict[str, str]) -> Iterator[str]:
    """The address that answers with them."""
    content = json.dumps(credentials).encode()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/role"
        server.shutdown()
