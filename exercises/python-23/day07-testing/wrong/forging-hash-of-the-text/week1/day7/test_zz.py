import hashlib
from pathlib import Path

import datastructures

KNOWN = {
    "lru": "a7ef416857c87d3553411984b6adaed2af0af1d9702fb8b4706ab1001ed98bdd",
    "ring": "8e388d2da10b77962da504a9c40caa315d91176bf05e4b18e6a0d77c3a2a9110",
    "sequences": "c327cfa9e267dce9ea0088cd154f9e93eeee90821347f422727ad8471174bc6b",
}


def test_nobody_has_touched_it():
    folder = Path(datastructures.__file__).parent
    for name, known in KNOWN.items():
        assert hashlib.sha256((folder / f"{name}.py").read_bytes()).hexdigest() == known
