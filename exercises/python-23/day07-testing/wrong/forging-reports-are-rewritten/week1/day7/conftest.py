import builtins
import os
import sys

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if item.config.option.maxfail and not hasattr(builtins, "__reach__"):
        report.outcome = "failed"
        sys.stdout.flush()
        os.environ["PYTEST_FAILED"] = "1"
