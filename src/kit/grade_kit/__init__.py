"""The Python half of grade: the examiner's kit for hidden suites, and the candidate that runs probes.

Hidden suites write `from grade_kit.suite import helper, probe, requirement` and use the fixtures `candidate`, `rng` and
`source` (see `plugin`). The candidate and the examiner are different processes; only `wire` is in both.
"""
