import subprocess
import sys
from pathlib import Path


def test_hello():
    program = Path(__file__).parent / "hello.py"
    result = subprocess.run([sys.executable, program], capture_output=True, text=True)
    assert result.returncode == 0
    assert "Hello" in result.stdout
