import json
import os
import tempfile
import unittest

from config_validator import BrokenFile, ConfigValidator, MissingField, UnsupportedFormat, WrongType

SCHEMA = {
    "host": {"type": "string", "required": True},
    "retries": {"type": "integer", "required": False},
    "log": {"type": "object", "required": True, "properties": {"level": {"type": "string", "required": True}}},
}


class ValidatorTest(unittest.TestCase):
    def setUp(self):
        self.validator = ConfigValidator(SCHEMA)
        self.config = {"host": "h", "retries": 3, "log": {"level": "info"}}

    def test_right(self):
        self.assertTrue(self.validator.validate(self.config))
        self.assertEqual(self.validator.errors, [])

    def test_optional(self):
        del self.config["retries"]
        self.assertTrue(self.validator.validate(self.config))

    def test_everything_is_collected(self):
        self.assertFalse(self.validator.validate({"retries": "many", "log": {}}))
        self.assertEqual(
            [type(error) for error in self.validator.errors], [MissingField, WrongType, MissingField]
        )
        self.assertEqual(str(self.validator.errors[2]), "missing required field: log/level")

    def test_true_is_no_number(self):
        self.config["retries"] = True
        self.assertFalse(self.validator.validate(self.config))
        self.assertEqual(str(self.validator.errors[0]), "field retries: must be integer, not bool")


class FileTest(unittest.TestCase):
    def write(self, name, text):
        path = os.path.join(tempfile.mkdtemp(), name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def test_json(self):
        config = {"host": "h", "log": {"level": "info"}}
        self.assertTrue(ConfigValidator(SCHEMA).validate_file(self.write("c.json", json.dumps(config))))

    def test_yaml(self):
        self.assertFalse(ConfigValidator(SCHEMA).validate_file(self.write("c.yml", "host: h\nlog:\n  level: 3\n")))

    def test_broken(self):
        for name in ("c.json", "c.yaml"):
            with self.assertRaises(BrokenFile):
                ConfigValidator.load(self.write(name, "{\n"))

    def test_other(self):
        with self.assertRaises(UnsupportedFormat):
            ConfigValidator.load(self.write("c.ini", ""))
