"""The one entry of the Python half: `python -I run.py candidate|zygote|own_tests|facts`."""

import gc
import importlib
import os
import sys

# Importing makes many objects and no garbage. Collection is on again before learners' code runs.
gc.disable()

# -I keeps the folder of this file off the path. It is there for this one import, so that no learner's
# module is looked for in it and none of ours by a learner.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)
_entry = importlib.import_module(f"grade_kit.{sys.argv[1]}")
sys.path.remove(_HERE)
_entry.main()
