import subprocess
import sys
from pathlib import Path


def test_hello():
    program = Path(__file__).parent / "hello.py"
    assert subprocess.run([sys.executable, program], capture_output=True).returncode == 0
