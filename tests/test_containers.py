import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from finscribe import SILENT
from finscribe.settings import VARIABLES

ROOT = Path(__file__).parents[1]


class Loader(yaml.SafeLoader):
    """Reads what Compose reads: values that replace or unset those of the file before."""


Loader.add_constructor("!override", lambda loader, node: loader.construct_mapping(node, deep=True))
Loader.add_constructor("!reset", lambda loader, node: None)


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader)["services"]
    return found


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.llm"])
def test_what_is_copied_into_an_image_is_there(name: str) -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / name).read_text(), re.MULTILINE)
    assert copied
    assert all((ROOT / source).exists() for sources in copied for source in sources.split())


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.cpu.yml"])
def test_what_is_built_has_its_dockerfile(name: str) -> None:
    builds = [service["build"] for service in services(name).values() if "build" in service]
    files = [
        build.get("dockerfile", "Dockerfile") if isinstance(build, dict) else "Dockerfile" for build in builds
    ]
    assert files
    assert all((ROOT / file).is_file() for file in files)


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.cpu.yml"])
def test_what_a_build_is_given_is_asked_for_by_its_dockerfile(name: str) -> None:
    builds = [
        service["build"] for service in services(name).values() if isinstance(service.get("build"), dict)
    ]
    assert any("args" in build for build in builds)
    for build in builds:
        asked = re.findall(
            r"^ARG (\w+)=", (ROOT / build.get("dockerfile", "Dockerfile")).read_text(), re.MULTILINE
        )
        assert set(build.get("args", ())) <= set(asked)


def test_ports_are_published_on_this_machine_alone() -> None:
    ports = [port for service in services("docker-compose.yml").values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in services("docker-compose.yml")["db"]


def test_no_data_no_models_and_no_secrets_get_into_an_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"data", "models", "**/.env*", ".git", ".venv"} <= set(ignored)
    written = (ROOT / ".gitignore").read_text().splitlines()
    folders = {line.strip("/") for line in written if re.fullmatch(r"/\w+/", line)}
    assert folders <= set(ignored)


def test_what_needs_more_than_a_laptop_is_started_by_its_profile() -> None:
    profiles = {name: service.get("profiles") for name, service in services("docker-compose.yml").items()}
    assert profiles == {
        "api": None,
        "db": None,
        "llm": ["llm"],
        "vllm": ["vllm"],
        "ray": ["ray"],
        "ray-worker": ["ray"],
        "prometheus": ["prometheus"],
    }


def test_the_application_asks_the_server_for_the_model_by_its_name_and_port() -> None:
    found = services("docker-compose.yml")
    assert found["api"]["environment"]["FINSCRIBE_REMOTE_URL"].endswith(":-http://vllm:8000/v1}")
    assert found["api"]["environment"]["FINSCRIBE_BACKEND"] == "${FINSCRIBE_BACKEND:-auto}"
    model = found["vllm"]["command"][found["vllm"]["command"].index("--model") + 1]
    (volume,) = found["vllm"]["volumes"]
    assert Path(model).parent == Path(volume.split(":")[1])


def test_the_application_gets_what_it_takes_to_ask_any_server() -> None:
    given = services("docker-compose.yml")["api"]["environment"]
    assert {name for name in given if name.startswith("FINSCRIBE_REMOTE_")} <= VARIABLES
    assert given["FINSCRIBE_REMOTE_API"] == "${FINSCRIBE_REMOTE_API:-chat}"
    for name in ("FINSCRIBE_REMOTE_MODEL", "FINSCRIBE_REMOTE_KEY"):
        assert given[name] == f"${{{name}:-}}"


def test_the_application_gets_what_a_store_takes_and_nothing_empty() -> None:
    """An empty AWS_DEFAULT_REGION makes an address of no host; without a value Compose sets what is set, or nothing."""
    given = services("docker-compose.yml")["api"]["environment"]
    shown = (ROOT / "docs" / "scaling.md").read_text().partition("### Documents in an object store")[2]
    wanted = set(re.findall(r"\bAWS_\w+", shown.split("```")[1]))
    assert {"AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"} <= wanted
    assert {name: value for name, value in given.items() if name.startswith("AWS_")} == dict.fromkeys(wanted)


def test_an_image_for_a_store_rests_on_that_of_the_application_and_its_user() -> None:
    (shown,) = re.findall(r"```yaml\n(.+?)```", (ROOT / "docs" / "containers.md").read_text(), re.DOTALL)
    over, under = yaml.safe_load(shown)["services"]["api"], services("docker-compose.yml")["api"]
    lines = over["build"]["dockerfile_inline"].splitlines()
    assert lines[0] == f"FROM {under['image']}"
    assert over["image"] != under["image"]
    assert lines[-1] in (ROOT / "Dockerfile").read_text().splitlines()


def test_each_service_has_its_own_check_or_that_of_its_image_or_serves_nothing() -> None:
    checks = {name: service.get("healthcheck") for name, service in services("docker-compose.yml").items()}
    assert (
        checks.pop("api") is None
    )  # the one of the Dockerfile, on port 8000, which the application alone serves
    assert {name for name, check in checks.items() if check == {"disable": True}} == {"llm", "ray-worker"}
    commands = {name: " ".join(check["test"]) for name, check in checks.items() if "test" in check}
    assert commands.keys() == {"db", "vllm", "ray", "prometheus"}
    assert "http://127.0.0.1:8000/health" in commands["vllm"]
    assert commands["ray"] == "CMD ray health-check --address 127.0.0.1:6379"
    assert commands["prometheus"].endswith("http://127.0.0.1:9090/-/healthy")


def test_others_of_the_services_are_let_in_by_the_name_of_the_application() -> None:
    found = services("docker-compose.yml")
    assert found["api"]["environment"]["FINSCRIBE_HOSTS"].split(",")[0] == "api"
    scraped = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["configs"]["prometheus"]["content"]
    assert "api:8000" in scraped


def test_the_database_is_ready_when_others_can_reach_it() -> None:
    check = services("docker-compose.yml")["db"]["healthcheck"]["test"]
    assert check[:4] == ["CMD", "pg_isready", "-h", "127.0.0.1"]


def test_all_that_write_to_the_shared_volumes_are_the_same_user() -> None:
    of_the_image = re.search(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert of_the_image
    found = services("docker-compose.yml").values()
    writers = [
        service for service in found if "data:/app/data" in service.get("volumes", ()) and "build" in service
    ]
    assert len(writers) == 4
    for service in writers:
        own = "Dockerfile.llm" in str(service["build"])
        assert service.get("user") == (of_the_image[1] if own else None)


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.llm"])
def test_what_comes_from_the_hub_lies_where_the_volume_is_and_any_user_may_write(name: str) -> None:
    text = (ROOT / name).read_text()
    home = re.search(r"^ *HF_HOME=(\S+)", text, re.MULTILINE)
    assert home
    assert f"hub:{home[1]}" in services("docker-compose.yml")["llm"]["volumes"]
    made = re.search(r"^RUN (mkdir .+)$", text, re.MULTILINE)
    assert made
    assert {"data", "models", "evaluation", '"$HOME"', '"$HF_HOME"'} <= set(
        made[1].partition("chmod 1777 ")[2].split()
    )


def test_the_nodes_of_a_cluster_share_a_token_that_the_first_one_makes() -> None:
    found = services("docker-compose.yml")
    home = re.search(r"^ *HOME=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert home
    for name in ("ray", "ray-worker"):
        assert found[name]["environment"]["RAY_AUTH_MODE"] == "token"
        assert f"token:{home[1]}/.ray" in found[name]["volumes"]
    made, started = found["ray"]["command"][-1].split(" && ")
    assert made == "ray get-auth-token --generate > /dev/null"
    assert started.startswith("exec ray start --head ")
    assert re.search(
        r'^RUN mkdir .* chmod 1777 .*"\$HOME/\.ray"$', (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )


def test_a_run_in_a_mounted_checkout_of_another_user_knows_its_commit() -> None:
    text = (ROOT / "Dockerfile.llm").read_text()
    mounted = re.search(r"^WORKDIR (\S+)$", text, re.MULTILINE)
    assert mounted
    assert f"git config --system --add safe.directory {mounted[1]}" in text


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.llm"])
@pytest.mark.parametrize("variable", ["ORT_DISABLE_TELEMETRY", "UNSLOTH_DISABLE_STATISTICS"])
def test_the_runtimes_in_an_image_report_nothing_to_their_makers(name: str, variable: str) -> None:
    assert re.search(rf"^ *{variable}={SILENT[variable]}\b", (ROOT / name).read_text(), re.MULTILINE)


def test_what_services_are_images_of_others_or_of_ray_report_nothing_to_their_makers() -> None:
    found = services("docker-compose.yml")
    assert found["vllm"]["environment"]["VLLM_NO_USAGE_STATS"] == "1"
    for name in ("ray", "ray-worker"):
        assert found[name]["environment"]["RAY_USAGE_STATS_ENABLED"] == SILENT["RAY_USAGE_STATS_ENABLED"]


def test_what_goes_over_the_services_leaves_their_checks_alone() -> None:
    assert all("healthcheck" not in service for service in services("docker-compose.cpu.yml").values())


def test_services_start_once_what_they_need_is_healthy() -> None:
    found = services("docker-compose.yml")
    needed = {name: service["depends_on"] for name, service in found.items() if "depends_on" in service}
    healthy = {"condition": "service_healthy"}
    assert needed == {"api": {"db": healthy}, "ray-worker": {"ray": healthy}}
    assert all("test" in found[name]["healthcheck"] for each in needed.values() for name in each)
