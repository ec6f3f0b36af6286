# Small demo: python main.py
from plugins.plugin_manager import PluginManager

if __name__ == "__main__":
    manager = PluginManager()
    manager.discover()
    print("Order:", manager.resolve_dependencies())
    text = manager.execute("text_processor", "hello from my first plugin system")
    if manager.execute("data_validator", {"text": text}):
        manager.execute("notification", text)
