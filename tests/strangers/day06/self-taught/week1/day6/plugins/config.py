from dataclasses import dataclass, field


@dataclass
class PluginConfig:
    """One config class for all plugins, options are in a dict"""

    name: str
    module: str  # where to import it from
    cls: str  # name of the class in the module
    depends_on: list = field(default_factory=list)
    options: dict = field(default_factory=dict)
