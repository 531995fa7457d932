"""What runs on ECS: policies of least privilege, and a task definition that AWS's own client takes."""

import json
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from moto import mock_aws
from policy_sentry.querying.actions import get_action_data

from synth_assets_tests.deploy.files import filled, filled_json

POLICIES = ("task-role", "execution-role", "launcher-role")
EVERYTHING = {
    "SignInToTheRegistry": "ecr:GetAuthorizationToken has no resource",
    "ReadTaskDefinitions": "these three have no resource, and change nothing",
}
"""Statements about every resource, each with its reason."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_names_what_aws_knows(policy: str) -> None:
    """By policy_sentry's list of AWS's actions, the resources each is about, and the conditions it takes."""
    for statement in filled_json(f"ecs/{policy}.json")["Statement"]:
        assert _problems(statement) == [], statement["Sid"]


def test_what_aws_does_not_know_would_be_found() -> None:
    right = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/tables/*"}
    assert _problems(right) == []
    assert _problems({**right, "Action": "s3:GetObjekt"}) == ["s3:GetObjekt is no action"]
    assert _problems({**right, "Resource": "arn:aws:ecs:eu-west-1:123456789012:task/synth/*"}) != []
    assert _problems({**right, "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}}}) != []


def _problems(statement: dict[str, Any]) -> list[str]:
    found = []
    for action in _list(statement["Action"]):
        service, name = action.split(":")
        forms = get_action_data(service, name).get(service, [])
        if not forms:
            found.append(f"{action} is no action")
            continue
        arns = [form["resource_arn_format"] for form in forms]
        kinds = {_kind(arn) for arn in arns} - {"*"} or {"*"}
        found += [f"{action} is not about {arn}" for arn in _list(statement["Resource"]) if _kind(arn) not in kinds]
        known = {key for form in forms for key in form["condition_keys"]}
        asked = {key for test in statement.get("Condition", {}).values() for key in test}
        found += [f"{action} has no condition {key}" for key in asked - known]
    return found


def _kind(arn: str) -> str:
    """What an address is of: the service, and the kind of thing where the address says it."""
    if arn == "*":
        return arn
    service, _, _, thing = arn.split(":", 5)[2:6]
    kind = thing.split("/")[0].split(":")[0]
    # A bucket is named without its kind, and so are the objects in it.
    return f"{service}:{'object' if '/' in thing else 'bucket'}" if service == "s3" else f"{service}:{kind}"


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_allows_no_more_than_it_must(policy: str) -> None:
    for statement in filled_json(f"ecs/{policy}.json")["Statement"]:
        actions, resources = (_list(statement[part]) for part in ("Action", "Resource"))
        assert statement["Effect"] == "Allow"
        assert not any("*" in action for action in actions), statement["Sid"]
        assert "*" not in resources or statement["Sid"] in EVERYTHING, statement["Sid"]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("policy", POLICIES)
def test_aws_takes_a_policy(policy: str) -> None:
    """By moto's IAM, which checks a policy's grammar."""
    document = json.dumps(filled_json(f"ecs/{policy}.json"))
    assert boto3.client("iam").create_policy(PolicyName=policy, PolicyDocument=document)["Policy"]["Arn"]


@pytest.mark.usefixtures("aws")
def test_aws_takes_the_task_definition() -> None:
    """By the parameter model of AWS's client, and moto's ECS."""
    definition = filled_json("ecs/task-definition.json", SETTINGS=filled("ecs/synth.toml"))
    made = boto3.client("ecs").register_task_definition(**definition)["taskDefinition"]
    (container,) = made["containerDefinitions"]
    told = {one["name"]: one["value"] for one in container["environment"]}
    assert told["SYNTH_ASSETS_SETTINGS"] == filled("ecs/synth.toml")
    assert {one["name"] for one in container["secrets"]}.isdisjoint(told)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
