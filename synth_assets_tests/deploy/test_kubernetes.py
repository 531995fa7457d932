"""Manifests by the schemas of Kubernetes' own API, and the Helm values by what dagster-k8s makes of them."""

import re
import tomllib
from typing import Any

import dagster as dg
import kubernetes_validate
import pytest
from dagster._config import resolve_to_config_type, validate_config
from dagster._core.system_config.objects import ResolvedRunConfig
from dagster_k8s.job import USER_DEFINED_K8S_JOB_CONFIG_SCHEMA

from synth_assets.automation.executing import executor_of
from synth_assets.settings import SETTINGS_VARIABLE, ExecutionSettings, LakeLocation, Settings
from synth_assets_tests.deploy.files import documents

VERSION = "1.33"
MANIFESTS = ("kubernetes/settings.yaml", "kubernetes/secrets.example.yaml", "kubernetes/teacher.yaml")
CLUSTER = "ray/raycluster.yaml"
HEAD = {"serviceType", "rayStartParams", "template", "enableIngress", "headService"}
WORKERS = {"groupName", "replicas", "minReplicas", "maxReplicas", "rayStartParams", "template", "idleTimeoutSeconds"}
SPEC = {"rayVersion", "enableInTreeAutoscaling", "autoscalerOptions", "headGroupSpec", "workerGroupSpecs", "suspend"}
"""Fields of RayCluster in ray.io/v1."""


def _objects() -> list[Any]:
    of_files = [(name, one) for name in (*MANIFESTS, CLUSTER) for one in documents(name)]
    return [pytest.param(one, id=f"{name}:{one['kind']}") for name, one in of_files if one["kind"] != "RayCluster"]


@pytest.mark.parametrize("manifest", _objects())
def test_a_manifest_is_valid(manifest: dict[str, Any]) -> None:
    """By the JSON schemas of Kubernetes' API, strictly: a field it does not know is refused."""
    kubernetes_validate.validate(manifest, VERSION, strict=True)


def test_an_unknown_field_would_be_refused() -> None:
    (_, service) = documents("kubernetes/teacher.yaml")
    service["spec"]["portz"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service, VERSION, strict=True)


def test_the_ray_cluster_holds_valid_pods() -> None:
    """Its pods by Kubernetes' schemas; around them, the names of KubeRay's fields."""
    spec = documents(CLUSTER)[0]["spec"]
    assert spec.keys() <= SPEC and spec["headGroupSpec"].keys() <= HEAD
    groups = [spec["headGroupSpec"], *spec["workerGroupSpecs"]]
    assert all(group.keys() <= WORKERS for group in spec["workerGroupSpecs"])
    for group in groups:
        assert all(isinstance(value, str) for value in group["rayStartParams"].values())
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}, **group["template"]}
        kubernetes_validate.validate(pod, VERSION, strict=True)


def test_runs_and_steps_get_pods_that_kubernetes_takes() -> None:
    """The pod configuration of the Helm values by dagster-k8s's schema, which is built on Kubernetes' models."""
    (values,) = documents("kubernetes/values.yaml")
    pods = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    snake = {
        re.sub(r"(?<=[a-z])([A-Z])", lambda found: f"_{found[1].lower()}", name): part for name, part in pods.items()
    }
    assert validate_config(resolve_to_config_type(USER_DEFINED_K8S_JOB_CONFIG_SCHEMA), snake).success


def test_the_values_are_consistent() -> None:
    (values,) = documents("kubernetes/values.yaml")
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    images = [deployment["image"], values["dagsterWebserver"]["image"], values["dagsterDaemon"]["image"]]
    assert all(image == images[0] for image in images)
    made = {one["metadata"]["name"] for name in MANIFESTS for one in documents(name)}
    referred = {one["name"] for one in (*deployment["envSecrets"], *deployment["envConfigMaps"])}
    assert referred | {values["global"]["postgresqlSecretName"]} <= made


def test_vllm_runs_where_there_are_gpus() -> None:
    pod = documents("kubernetes/teacher.yaml")[0]["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"nvidia.com/gpu.present": "true"}
    assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == "1"


def test_a_pod_is_given_the_settings_and_asks_for_its_processors() -> None:
    """By dagster-k8s's own schema, which the configuration is resolved with."""
    lake = LakeLocation(catalog="postgresql://lake@db.example.org/lake", data="s3://lakes/mathematics")
    settings = Settings(execution=ExecutionSettings(kind="kubernetes", cpus=4), lake=lake)
    given = _resolved(executor_of(settings))
    (variable,) = given["env_vars"]
    name, _, text = variable.partition("=")
    assert name == SETTINGS_VARIABLE
    assert Settings.model_validate(tomllib.loads(text)) == settings
    assert given["step_k8s_config"]["container_config"]["resources"] == {"requests": {"cpu": "4.0"}}


def _resolved(executor: dg.ExecutorDefinition) -> dict[str, Any]:
    """What the executor is configured with when a run begins."""

    @dg.job(executor_def=executor)
    def nothing() -> None:
        pass

    found: dict[str, Any] = dict(ResolvedRunConfig.build(nothing, {}).execution.execution_engine_config)
    return found
