"""What machines of a cluster share: a PostgreSQL with two databases a lake, and an S3 server with a bucket."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import boto3  # type: ignore[import-untyped]
import psycopg2
import yaml

from synth_assets.settings import LAKE_VARIABLE, SETTINGS_VARIABLE, LakeLocation
from synth_assets_tests.corpus.stores import s3_server
from synth_assets_tests.deploy.files import read
from synth_assets_tests.postgres import postgres_server

BUCKET = "lakes"
NAMES = ("ray", "folders")
"""Lakes between machines, each with a database for its catalogue and one for its instance."""

LIMIT_SECONDS = 2400.0
"""Longest wait for a whole road, so that a test never hangs; minutes are enough where nothing else is at work."""

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_DEFAULT_REGION": "us-east-1"}

INSTANCE = yaml.safe_load(read("ray/dagster.yaml"))
"""The `dagster.yaml` of `deploy/ray/`: without a secret, and the same on every machine."""


@dataclass(frozen=True)
class Services:
    """The addresses of both, and the environment a process needs to reach them."""

    postgres: str
    s3: str

    @property
    def environment(self) -> dict[str, str]:
        """All secrets, and the way to the instance's database and to the store."""
        password = unquote(urlsplit(self.postgres).password or "")
        return {**KEYS, "PGPASSWORD": password, "AWS_ENDPOINT_URL": self.s3, "SYNTH_ASSETS_BUCKET": BUCKET}

    def instance(self, name: str) -> dict[str, str]:
        """The way to the database of the instance of that name."""
        parts = urlsplit(self.postgres)
        return {"DAGSTER_POSTGRES_URL": parts._replace(scheme="postgresql+psycopg2", path=f"/{name}_dagster").geturl()}

    def location(self, name: str) -> LakeLocation:
        """A lake in a database and a part of the bucket of that name."""
        parts = urlsplit(self.postgres)
        return LakeLocation.model_validate(
            {
                "catalog": f"postgresql://{parts.username}@{parts.hostname}:{parts.port}/{name}_lake",
                "data": f"s3://{BUCKET}/{name}/tables",
                "files": f"s3://{BUCKET}/{name}/files",
                "object_store": {"endpoint": urlsplit(self.s3).netloc, "url_style": "path", "use_ssl": False},
            }
        )

    def put(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            self._client().put_object(Bucket=BUCKET, Key=name, Body=content)

    def names(self, below: str) -> list[str]:
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=below)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def content(self, name: str) -> bytes:
        body: bytes = self._client().get_object(Bucket=BUCKET, Key=name)["Body"].read()
        return body

    def _client(self):  # type: ignore[no-untyped-def]
        names = {"aws_access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
        return boto3.client("s3", endpoint_url=self.s3, region_name="us-east-1", **names)


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    """Both servers, PostgreSQL in `folder`, with empty databases for each lake."""
    with postgres_server(folder) as postgres, s3_server() as s3:
        connection = psycopg2.connect(postgres)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name in NAMES:
                cursor.execute(f"CREATE DATABASE {name}_dagster")
                cursor.execute(f"CREATE DATABASE {name}_lake")
        connection.close()
        shared = Services(postgres, s3)
        shared._client().create_bucket(Bucket=BUCKET)
        yield shared


def write_home(folder: Path, *, on_ray: bool = False) -> None:
    """The instance's configuration in the Dagster home of the lake in `folder`; its runs are Ray's where said."""
    kept = {name: part for name, part in INSTANCE.items() if on_ray or name != "run_launcher"}
    (folder / "dagster").mkdir(parents=True)
    (folder / "dagster" / "dagster.yaml").write_text(yaml.safe_dump(kept))


def bare_environment() -> dict[str, str]:
    """This process's environment without what would tell another where a lake is, or how to reach a store."""
    theirs = ("AWS_", "DAGSTER_", "PG", "RAY_", "PYTHON")
    known = (LAKE_VARIABLE, SETTINGS_VARIABLE)
    return {k: v for k, v in os.environ.items() if k not in known and not k.startswith(theirs)}
