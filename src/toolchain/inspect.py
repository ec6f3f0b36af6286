"""Run by the new environment's own interpreter: proves that the tools import, and says where things are.

Importing also leaves compiled copies of those modules that were not compiled beforehand.
"""

import importlib.metadata
import json
import sys
import sysconfig

import _pytest.assertion.rewrite
import _pytest.terminal
import coverage.control
import mypy.version
import pytest
import pytest_asyncio
import pytest_benchmark.plugin
import pytest_mock
import yaml

paths = sysconfig.get_paths()
print(
    json.dumps(
        {
            "version": "{}.{}.{}".format(*sys.version_info[:3]),
            "prefix": sys.prefix,
            "base_prefix": sys.base_prefix,
            "base_exec_prefix": sys.base_exec_prefix,
            "site_packages": paths["purelib"],
            "scripts": paths["scripts"],
            "stdlib": paths["stdlib"],
            "platstdlib": paths["platstdlib"],
            "libdir": sysconfig.get_config_var("LIBDIR"),
            "tools": {
                dist.metadata["Name"].lower().replace("_", "-"): dist.version
                for dist in importlib.metadata.distributions()
            },
        }
    )
)
