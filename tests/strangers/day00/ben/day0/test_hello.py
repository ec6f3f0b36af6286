import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_hello_prints_greeting():
    done = subprocess.run(
        [sys.executable, str(HERE / "hello.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Hello, Python mastery!\n"
