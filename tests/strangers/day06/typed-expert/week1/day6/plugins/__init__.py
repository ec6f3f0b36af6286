from .interface import Configurable, Plugin, Requirement, Version
from .registry import (
    DependencyCycle,
    DiscoveryError,
    PluginError,
    PluginManager,
    RegistrationError,
    UnsatisfiedRequirement,
)

__all__ = [
    "Configurable",
    "DependencyCycle",
    "DiscoveryError",
    "Plugin",
    "PluginError",
    "PluginManager",
    "RegistrationError",
    "Requirement",
    "UnsatisfiedRequirement",
    "Version",
]
