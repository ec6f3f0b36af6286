import json

import pytest
from config_validator import MissingKey, NotASection, WrongType, validate_config

GOOD = {"service": {"name": "web", "workers": 4, "log": {"level": "info", "rotate": True}}}


def save(folder, config):
    path = folder / "service.json"
    path.write_text(json.dumps(config))
    return str(path)


def test_good(tmp_path):
    assert validate_config(save(tmp_path, GOOD)) == GOOD


def test_optional(tmp_path):
    config = {"service": {"name": "web", "workers": 4}}
    assert validate_config(save(tmp_path, config)) == config


def test_yaml(tmp_path):
    path = tmp_path / "service.yaml"
    path.write_text("service:\n  name: web\n  workers: 4\n")
    assert validate_config(str(path))["service"]["workers"] == 4


@pytest.mark.parametrize(
    "service, error, text",
    [
        ({"name": "web"}, MissingKey, "service.workers: not set"),
        ({"name": "web", "workers": "4"}, WrongType, "service.workers: want int, have str"),
        ({"name": "web", "workers": 4, "log": "info"}, NotASection, "service.log: should be a section"),
        ("web", NotASection, "service: should be a section"),
    ],
)
def test_bad(tmp_path, service, error, text):
    with pytest.raises(error, match=text):
        validate_config(save(tmp_path, {"service": service}))


def test_no_settings(tmp_path):
    with pytest.raises(NotASection):
        validate_config(save(tmp_path, [1, 2]))
