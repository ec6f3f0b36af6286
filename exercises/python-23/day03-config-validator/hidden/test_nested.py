"""Sections within sections: validated like the top, at any depth."""

import pytest
from draws import NAMES, SECTIONS, at, draw_nested, draw_value, fitting, replaced, without, wrong_values
from grade_kit.suite import requirement
from probes import validated, verdict, way_to_ask

DEPTHS = [1, 2, 3]


@requirement("nested")
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_nested_configuration_is_accepted(candidate, rng, depth):
    """a configuration with sections ({depth} deep) that fits its schema is accepted"""
    schema, _ = draw_nested(rng, depth)
    assert candidate.run(validated, way_to_ask(candidate), schema, fitting(rng, schema)) == "accepted"


@requirement("nested")
@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_missing_within_is_refused(candidate, rng, depth):
    """a field that is missing within a section ({depth} deep) is missed"""
    schema, path = draw_nested(rng, depth)
    config = without(fitting(rng, schema), path)
    assert verdict(candidate.run(validated, way_to_ask(candidate), schema, config)) == "refused"


@requirement("nested")
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_wrong_type_within_is_refused(candidate, rng, depth):
    """a value of a wrong type within a section ({depth} deep) is refused"""
    schema, path = draw_nested(rng, depth)
    wrong, _ = wrong_values(rng, at(schema, path))[0]
    config = replaced(fitting(rng, schema), path, wrong)
    assert verdict(candidate.run(validated, way_to_ask(candidate), schema, config)) == "refused"


@requirement("nested")
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_missing_section_is_refused(candidate, rng, depth):
    """a section that is missing altogether ({depth} deep) is missed"""
    schema, path = draw_nested(rng, depth)
    config = without(fitting(rng, schema), path[:-1])
    assert verdict(candidate.run(validated, way_to_ask(candidate), schema, config)) == "refused"


@requirement("nested")
def test_something_else_in_place_of_a_section_is_refused(candidate, rng):
    """a word, a number or a list where a section belongs is refused"""
    schema, path = draw_nested(rng, rng.randint(1, 2))
    for kind in ("str", "int", "list"):
        config = replaced(fitting(rng, schema), path[:-1], draw_value(rng, kind))
        assert verdict(candidate.run(validated, way_to_ask(candidate), schema, config)) == "refused"


@requirement("nested")
def test_every_section_is_looked_into(candidate, rng):
    """of several sections each is looked into, and the fields after a section as well"""
    names, sections = rng.sample(NAMES, 5), rng.sample(SECTIONS, 2)
    schema = {names[0]: "str", sections[0]: {names[1]: "int", names[2]: "str"}, sections[1]: {names[3]: "int"}}
    schema[names[4]] = "int"
    config = fitting(rng, schema)
    assert candidate.run(validated, way_to_ask(candidate), schema, config) == "accepted"
    for path in ([sections[0], names[1]], [sections[1], names[3]], [names[4]]):
        for wrong in (replaced(config, path, rng.choice(["amber", "cedar"])), without(config, path)):
            assert verdict(candidate.run(validated, way_to_ask(candidate), schema, wrong)) == "refused"


@requirement("nested")
def test_the_same_name_in_two_sections(candidate, rng):
    """fields of the same name in two sections, and at the top, are different fields"""
    name, (first, second) = rng.choice(NAMES), rng.sample(SECTIONS, 2)
    schema = {name: "int", first: {name: "int"}, second: {name: "str"}}
    config = fitting(rng, schema)
    assert candidate.run(validated, way_to_ask(candidate), schema, config) == "accepted"
    for path in ([first, name], [second, name], [name]):
        said = candidate.run(validated, way_to_ask(candidate), schema, without(config, path))
        assert verdict(said) == "refused"
