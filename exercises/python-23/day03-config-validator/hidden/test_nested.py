"""Sections within sections: validated like the top, at any depth."""

from draws import NAMES, SECTIONS, at, draw_nested, draw_value, fitting, replaced, without, wrong_values
from grade_kit.suite import requirement
from probes import judged

DEPTHS = [1, 2, 3]


@requirement("nested")
def test_a_nested_configuration_is_accepted(candidate, rng):
    """a configuration with sections that fits its schema is accepted, however deep they lie"""
    schemas = [draw_nested(rng, depth)[0] for depth in DEPTHS]
    said, wanted = judged(candidate, [(schema, fitting(rng, schema), "accepted") for schema in schemas])
    assert said == wanted


@requirement("nested")
def test_what_is_missing_within_is_refused(candidate, rng):
    """a field that is missing within a section is missed, however deep it lies"""
    drawn = [draw_nested(rng, depth) for depth in DEPTHS]
    cases = [(schema, without(fitting(rng, schema), path), "refused") for schema, path in drawn]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("nested")
def test_a_wrong_type_within_is_refused(candidate, rng):
    """a value of a wrong type within a section is refused, however deep it lies"""
    cases = []
    for schema, path in [draw_nested(rng, depth) for depth in DEPTHS]:
        wrong, _ = wrong_values(rng, at(schema, path))[0]
        cases.append((schema, replaced(fitting(rng, schema), path, wrong), "refused"))
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("nested")
def test_a_missing_section_is_refused(candidate, rng):
    """a section that is missing altogether is missed, however deep it lies"""
    drawn = [draw_nested(rng, depth) for depth in DEPTHS]
    cases = [(schema, without(fitting(rng, schema), path[:-1]), "refused") for schema, path in drawn]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("nested")
def test_something_else_in_place_of_a_section_is_refused(candidate, rng):
    """a word, a number or a list where a section belongs is refused"""
    schema, path = draw_nested(rng, rng.randint(1, 2))
    kinds = ("str", "int", "list")
    cases = [(schema, replaced(fitting(rng, schema), path[:-1], draw_value(rng, kind)), "refused") for kind in kinds]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("nested")
def test_every_section_is_looked_into(candidate, rng):
    """of several sections each is looked into, and the fields after a section as well"""
    names, sections = rng.sample(NAMES, 5), rng.sample(SECTIONS, 2)
    schema = {names[0]: "str", sections[0]: {names[1]: "int", names[2]: "str"}, sections[1]: {names[3]: "int"}}
    schema[names[4]] = "int"
    config = fitting(rng, schema)
    cases = [(schema, config, "accepted")]
    for path in ([sections[0], names[1]], [sections[1], names[3]], [names[4]]):
        cases.append((schema, replaced(config, path, rng.choice(["amber", "cedar"])), "refused"))
        cases.append((schema, without(config, path), "refused"))
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("nested")
def test_the_same_name_in_two_sections(candidate, rng):
    """fields of the same name in two sections, and at the top, are different fields"""
    name, (first, second) = rng.choice(NAMES), rng.sample(SECTIONS, 2)
    schema = {name: "int", first: {name: "int"}, second: {name: "str"}}
    config = fitting(rng, schema)
    paths = ([first, name], [second, name], [name])
    cases = [(schema, config, "accepted"), *((schema, without(config, path), "refused") for path in paths)]
    said, wanted = judged(candidate, cases)
    assert said == wanted
