from pathlib import Path

import pytest

from config_validator import ConfigLoader, Field, FieldTypeError, Kind, LoadError, RequiredFieldError, Validator

FIELDS = [
    Field("title", Kind.STRING),
    Field("ratio", Kind.FLOAT, required=False),
    Field("window", Kind.DICT, children=(Field("width", Kind.INTEGER), Field("fullscreen", Kind.BOOLEAN))),
]


class TestValidator:
    validator = Validator(fields=FIELDS)

    def test_valid(self) -> None:
        document = {"title": "Chess", "window": {"width": 640, "fullscreen": False}}
        assert self.validator.check(document).is_valid

    def test_required(self) -> None:
        result = self.validator.check({"title": "Chess", "window": {"width": 640}})
        assert not result.is_valid
        assert str(result.errors[0]) == "window -> fullscreen is required"

    def test_kinds(self) -> None:
        result = self.validator.check({"title": 1, "ratio": 2, "window": "large"})
        assert [type(error) for error in result.errors] == [FieldTypeError] * 3
        assert str(result.errors[0]) == "title should be of kind string, but is 1"

    def test_raising(self) -> None:
        with pytest.raises(RequiredFieldError):
            self.validator.check({}).raise_for_errors()


class TestLoader:
    @pytest.mark.parametrize(("name", "text"), [("a.json", '{"title": "Go"}'), ("a.yml", "title: Go")])
    def test_load(self, tmp_path: Path, name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text)
        assert ConfigLoader().load(path) == {"title": "Go"}

    @pytest.mark.parametrize(("name", "text"), [("a.json", "{"), ("a.yaml", "]"), ("a.json", "[]"), ("a.txt", "")])
    def test_refuse(self, tmp_path: Path, name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(LoadError):
            ConfigLoader().load(path)
