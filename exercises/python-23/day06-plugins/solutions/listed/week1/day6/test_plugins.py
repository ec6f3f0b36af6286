import unittest

from plugins.datavalidator import DataValidatorPlugin
from plugins.manager import Plugin, PluginManager
from plugins.notification import NotificationPlugin
from plugins.textprocessor import TextProcessorPlugin


class PluginTest(unittest.TestCase):
    def test_interface(self):
        for plugin in (TextProcessorPlugin(), DataValidatorPlugin(), NotificationPlugin()):
            self.assertIsInstance(plugin, Plugin)

    def test_text(self):
        self.assertEqual(TextProcessorPlugin().execute({"text": " a  b"})["text"], "a b")

    def test_data(self):
        self.assertFalse(DataValidatorPlugin().execute({"data": {}})["valid"])

    def test_all(self):
        manager = PluginManager()
        manager.discover()
        self.assertEqual(manager.get_order(), ["text", "data", "note"])
        self.assertEqual(manager.run_all({"text": "a b"})["text"], "A B")

    def test_circle(self):
        manager = PluginManager()
        manager.register(DataValidatorPlugin(), depends_on=["note"])
        manager.register(NotificationPlugin(), depends_on=["data"])
        with self.assertRaises(ValueError):
            manager.get_order()
