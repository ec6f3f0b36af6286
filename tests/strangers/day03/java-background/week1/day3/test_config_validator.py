import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from config_validator import ConfigValidator, LineFinder
from exceptions import (
    ConfigFileNotFoundException,
    ConfigurationException,
    InvalidTypeException,
    MalformedConfigException,
    MissingFieldException,
    UnknownFieldException,
    UnsupportedFormatException,
)
from schema import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    ListOf,
    ObjectSchema,
    schema_from_dict,
)


def build_schema() -> ObjectSchema:
    return (
        ObjectSchema()
        .require("name", STRING)
        .require("port", INTEGER)
        .optional("timeout", NUMBER)
        .optional("debug", BOOLEAN)
        .require(
            "database",
            ObjectSchema().require("url", STRING).require("pool", ObjectSchema().require("max", INTEGER)),
        )
        .optional("hosts", ListOf(STRING))
    )


def valid() -> dict[str, Any]:
    return {"name": "svc", "port": 80, "database": {"url": "u", "pool": {"max": 3}}}


class ValidationTest(unittest.TestCase):
    def setUp(self) -> None:
        self.validator = ConfigValidator(build_schema())

    def assert_violation(self, config: Any, kind: type, field: str) -> None:
        violations = self.validator.get_violations(config)
        self.assertEqual([(kind, field)], [(type(v), v.field) for v in violations])
        with self.assertRaises(kind):
            self.validator.validate(config)

    def test_valid(self) -> None:
        self.validator.validate(valid())
        self.assertEqual([], self.validator.get_violations(valid() | {"timeout": 1, "debug": True}))
        self.assertEqual([], self.validator.get_violations(valid() | {"timeout": 1.5, "hosts": ["a"]}))

    def test_missing(self) -> None:
        for field in ("name", "port", "database"):
            with self.subTest(field):
                config = valid()
                del config[field]
                self.assert_violation(config, MissingFieldException, field)

    def test_missing_deep(self) -> None:
        config = valid()
        config["database"]["pool"] = {}
        self.assert_violation(config, MissingFieldException, "database.pool.max")

    def test_wrong_types(self) -> None:
        cases: dict[str, Any] = {"name": 1, "port": "80", "timeout": "1", "debug": 1, "database": "x"}
        for field, value in cases.items():
            with self.subTest(field):
                self.assert_violation(valid() | {field: value}, InvalidTypeException, field)

    def test_boolean_is_no_number(self) -> None:
        self.assert_violation(valid() | {"port": True}, InvalidTypeException, "port")

    def test_list_item(self) -> None:
        self.assert_violation(valid() | {"hosts": ["a", 2]}, InvalidTypeException, "hosts[1]")
        self.assert_violation(valid() | {"hosts": "a"}, InvalidTypeException, "hosts")

    def test_root(self) -> None:
        self.assert_violation([], InvalidTypeException, "<root>")

    def test_message(self) -> None:
        with self.assertRaises(InvalidTypeException) as ctx:
            self.validator.validate(valid() | {"port": "80"})
        self.assertEqual("field 'port': expected type integer but found str", str(ctx.exception))
        self.assertEqual(("integer", "str"), (ctx.exception.expected, ctx.exception.actual))

    def test_several(self) -> None:
        self.assertEqual(3, len(self.validator.get_violations({})))


class FileTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name)
        self.validator = ConfigValidator(build_schema())

    def write(self, name: str, text: str) -> Path:
        target = self.path / name
        target.write_text(text, encoding="utf-8")
        return target

    def test_json(self) -> None:
        file = self.write("ok.json", json.dumps(valid()))
        self.assertEqual(valid(), self.validator.validate_file(file))
        self.assertEqual(valid(), self.validator.validate_file(str(file)))

    def test_yaml(self) -> None:
        for name in ("ok.yaml", "ok.YML"):
            self.assertEqual(valid(), self.validator.validate_file(self.write(name, json.dumps(valid()))))

    def test_line_numbers(self) -> None:
        text = "name: svc\nport: eighty\ndatabase:\n  url: 5\n  pool:\n    min: 3\n"
        violations = self.validator.get_file_violations(self.write("bad.yaml", text))
        self.assertEqual(
            [("port", 2), ("database.url", 4), ("database.pool.max", 5)],
            [(v.field, v.line) for v in violations],
        )
        self.assertTrue(str(violations[0]).startswith("line 2, field 'port': "))

    def test_line_numbers_json(self) -> None:
        text = json.dumps(valid() | {"port": None}, indent=2)
        (violation,) = self.validator.get_file_violations(self.write("bad.json", text))
        self.assertEqual(3, violation.line)

    def test_malformed(self) -> None:
        for name, text, line in (("x.json", '{"a": 1,\n}', 2), ("x.yaml", "a: 1\nb: [\n", 3)):
            with self.subTest(name), self.assertRaises(MalformedConfigException) as ctx:
                self.validator.validate_file(self.write(name, text))
            self.assertEqual(line, ctx.exception.line)

    def test_other_failures(self) -> None:
        with self.assertRaises(ConfigFileNotFoundException):
            self.validator.validate_file(self.path / "none.json")
        with self.assertRaises(UnsupportedFormatException):
            self.validator.validate_file(self.write("x.properties", "a=1"))
        self.assertTrue(issubclass(UnsupportedFormatException, ConfigurationException))


class SchemaTest(unittest.TestCase):
    def test_from_dict(self) -> None:
        validator = ConfigValidator(
            {"host": "string", "port": "integer?", "tls?": {"cert": "string"}, "tags": ["string"]}
        )
        self.assertEqual([], validator.get_violations({"host": "h", "tags": []}))
        config = {"host": "h", "port": "1", "tls": {}, "tags": [1]}
        fields = [v.field for v in validator.get_violations(config)]
        self.assertEqual(["port", "tls.cert", "tags[0]"], fields)

    def test_bad_description(self) -> None:
        bad: list[Any] = ["integr", [], 5]
        for what in bad:
            with self.subTest(what), self.assertRaises(ValueError):
                schema_from_dict({"x": what})

    def test_strict(self) -> None:
        validator = ConfigValidator(schema_from_dict({"a": {"b": "string"}}, strict=True))
        violations = validator.get_violations({"a": {"b": "", "c": 1}, "d": 2})
        self.assertEqual(["a.c", "d"], [v.field for v in violations])
        self.assertIsInstance(violations[0], UnknownFieldException)

    def test_line_finder(self) -> None:
        finder = LineFinder('{"a": 1,\n "b": {"c": 2}}')
        self.assertEqual(2, finder.find(["b", "c"]))
        self.assertIsNone(finder.find(["zzz"]))


if __name__ == "__main__":
    unittest.main()
