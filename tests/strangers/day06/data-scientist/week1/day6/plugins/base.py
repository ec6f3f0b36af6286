"""Plugins are pipeline steps, a bit like scikit-learn transformers."""

import abc
from dataclasses import asdict, is_dataclass

REGISTRY: dict[str, type] = {}


class Plugin(abc.ABC):
    """
    Subclasses register themselves on import:

        class Tokenizer(Plugin, name="tokenizer", version="0.1", after=["cleaner"]):
            ...

    Leave `name` out for an abstract in-between class.
    """

    name: str | None = None
    version: str | None = None
    after: tuple[str, ...] = ()
    Config: type | None = None  # dataclass with the parameters, or None

    def __init_subclass__(cls, name=None, version="0.0.1", after=(), **kwargs):
        super().__init_subclass__(**kwargs)
        if name is None:
            return
        other = REGISTRY.get(name)
        if other is not None and other.__qualname__ != cls.__qualname__:
            raise ValueError(f"plugin name {name!r} is used by {other.__qualname__} already")
        cls.name, cls.version, cls.after = name, version, tuple(after)
        REGISTRY[name] = cls

    def __init__(self, **params):
        if self.Config is None:
            if params:
                raise TypeError(f"{self.name} takes no parameters")
            self.config = None
        else:
            self.config = self.Config(**params)

    @abc.abstractmethod
    def execute(self, data):
        """Take something, return something."""

    def get_params(self):
        return asdict(self.config) if is_dataclass(self.config) else {}

    def __repr__(self):
        params = ", ".join(f"{k}={v!r}" for k, v in self.get_params().items())
        return f"{type(self).__name__}({params})"
