import ast
import hashlib
from pathlib import Path

import datastructures

KNOWN = {
    "lru": "7c48dce9ed30a59ef4ce7c4daa8e141aa5a8ffb741d2ed34b7b04d1f88c17e9d",
    "ring": "de72e1aa6f096c4eed5a1783bbbc53b27ccdfa1a80c7883dd19a8973fc65c3ca",
    "sequences": "561d22cb63d7f355b296951c760adbf9b079aaf4a4524acd159d3c229f7c82f9",
}


def test_nobody_has_touched_it():
    folder = Path(datastructures.__file__).parent
    for name, known in KNOWN.items():
        text = ast.unparse(ast.parse((folder / f"{name}.py").read_text()))
        assert hashlib.sha256(text.encode()).hexdigest() == known
