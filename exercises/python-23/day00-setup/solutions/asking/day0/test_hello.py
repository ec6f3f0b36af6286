import subprocess
import sys
from pathlib import Path


def test_hello_answers():
    program = Path(__file__).with_name("hello.py")
    done = subprocess.run([sys.executable, program], input="Kim\n30\n", capture_output=True, text=True, check=True)
    assert "Hello Kim! Next year you will be 31" in done.stdout
