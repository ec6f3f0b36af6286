"""Exceptions of the learner's own: one kind for what is missing, another for what is of a wrong type."""

from draws import draw_schema, fitting, replaced, without, wrong_values
from grade_kit.suite import helper, probe, requirement
from probes import ask, found_in
from probes_answers import own_exceptions


@probe(shared=True)
def exceptions(day, ways, schema, config):
    """validate {config} against the schema {schema}: which exceptions of your own there were"""
    found = set()
    for way in ways:
        found |= seen_while(day, lambda way=way: ask(day, way, schema, config))
    return sorted(own_exceptions(day, found))


@helper
def seen_while(day, action):
    """Returns the classes of all exceptions that were raised meanwhile, caught or not, or that came back in the answer."""
    import sys

    found = set()

    def trace(frame, event, argument):
        if event == "exception":
            found.add(argument[0])
        return trace

    sys.settrace(trace)
    try:
        answer = action()
    finally:
        sys.settrace(None)
    return found | {type(each) for each in answer["items"]}


@requirement("exceptions")
def test_a_missing_field_and_a_wrong_type_are_different_exceptions(candidate, rng):
    """a missing field and a wrong type lead to different exceptions of your own"""
    ways = found_in(candidate)["ways"]
    schema = draw_schema(rng, ["int", "str"])
    config, name = fitting(rng, schema), next(iter(schema))
    wrong = replaced(config, [name], wrong_values(rng, "int")[0][0])
    for_type = candidate.run(exceptions, ways, schema, wrong)
    assert for_type, "an exception of your own was expected for a value of a wrong type; there was none"
    for_missing = candidate.run(exceptions, ways, schema, without(config, [name]))
    assert for_missing, "an exception of your own was expected for a missing field; there was none"
    assert for_missing != for_type, (
        "expected a class of its own for each; a missing field and a wrong type are both " + ", ".join(for_type)
    )
