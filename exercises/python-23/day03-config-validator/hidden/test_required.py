"""Required fields: each of them is missed, and none that is there."""

from draws import NAMES, SECTIONS, draw_schema, draw_value, fitting, replaced, without
from grade_kit.suite import requirement
from probes import judged, validated, validated_in_turn, verdict, way_to_ask

# Types that nobody has trouble with.
PLAIN = ["str", "int", "bool", "str", "int"]


@requirement("required")
def test_a_whole_configuration_is_accepted(candidate, rng):
    """a configuration that has all fields is accepted"""
    schema = draw_schema(rng, PLAIN)
    assert candidate.run(validated, way_to_ask(candidate), schema, fitting(rng, schema)) == "accepted"


@requirement("required")
def test_each_missing_field_is_refused(candidate, rng):
    """a configuration that lacks a required field is refused, whichever field it is"""
    schema = draw_schema(rng, PLAIN)
    config = fitting(rng, schema)
    cases = [(schema, without(config, [name]), "refused") for name in schema]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("required")
def test_an_empty_configuration_is_refused(candidate, rng):
    """an empty configuration is refused where fields are required"""
    assert verdict(candidate.run(validated, way_to_ask(candidate), draw_schema(rng, PLAIN), {})) == "refused"


@requirement("required")
def test_empty_is_not_missing(candidate, rng):
    """0, False and an empty list are values: a field that has one is not missing"""
    schema = draw_schema(rng, ["int", "bool", "list"])
    empty = {"int": 0, "bool": False, "list": []}
    cases = [(schema, {**fitting(rng, schema), name: empty[kind]}, "accepted") for name, kind in schema.items()]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("required")
def test_what_may_be_left_out(candidate, rng):
    """a field that the schema lets be left out is not missed, and is validated where it is there"""
    way, (name, other) = way_to_ask(candidate), rng.sample(NAMES, 2)
    # Not every form of schema has such fields; in the others all are required.
    kind, verdict_without = ("int, may be missing", "accepted") if way["optional"] else ("int", "refused")
    schema, config = {name: kind, other: "str"}, {name: draw_value(rng, "int"), other: draw_value(rng, "str")}
    cases = [(schema, config, "accepted"), (schema, without(config, [name]), verdict_without)]
    if way["optional"]:
        cases.append((schema, replaced(config, [name], draw_value(rng, "str")), "refused"))
        section = rng.choice(SECTIONS)
        cases.append(({section: schema}, {section: without(config, [name])}, "accepted"))
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("required")
def test_each_configuration_is_judged_by_itself(candidate, rng):
    """a right configuration is accepted after a wrong one, and a wrong one refused after a right one"""
    schema = draw_schema(rng, PLAIN)
    right = fitting(rng, schema)
    wrong = without(fitting(rng, schema), [rng.choice(list(schema))])
    configs = [right, wrong, right, wrong]
    said = candidate.run(validated_in_turn, way_to_ask(candidate), schema, configs)
    assert [verdict(each) for each in said] == ["accepted", "refused", "accepted", "refused"]
