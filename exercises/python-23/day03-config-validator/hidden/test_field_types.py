"""Types: values of the right one are accepted, values of others are not."""

import pytest
from draws import KINDS, draw_schema, draw_value, fitting, replaced, wrong_values
from grade_kit.suite import requirement
from probes import judged


def schema_with(rng, kind):
    """Draws a schema that has one field of this type, and its name."""
    schema = draw_schema(rng)
    return schema, next(name for name, each in schema.items() if each == kind)


@requirement("field-types")
@pytest.mark.parametrize("kind", KINDS)
def test_values_of_the_right_type_are_accepted(candidate, rng, kind):
    """a field of type {kind} takes any value of that type"""
    schema, name = schema_with(rng, kind)
    cases = [(schema, {**fitting(rng, schema), name: draw_value(rng, kind)}, "accepted") for _ in range(3)]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("field-types")
@pytest.mark.parametrize("kind", KINDS)
def test_values_of_other_types_are_refused(candidate, rng, kind):
    """a field of type {kind} takes no value of another type"""
    schema, name = schema_with(rng, kind)
    wrongs = [wrong for wrong, _ in wrong_values(rng, kind)]
    cases = [(schema, replaced(fitting(rng, schema), [name], wrong), "refused") for wrong in wrongs]
    said, wanted = judged(candidate, cases)
    assert said == wanted


@requirement("field-types")
def test_the_last_field_is_looked_at_as_well(candidate, rng):
    """every field is looked at, the first one as well as the last"""
    schema = draw_schema(rng, ["str", "int", "str", "int", "str", "int"])
    config = fitting(rng, schema)
    wrongs = {name: rng.choice(wrong_values(rng, kind))[0] for name, kind in schema.items()}
    cases = [(schema, replaced(config, [name], wrong), "refused") for name, wrong in wrongs.items()]
    said, wanted = judged(candidate, cases)
    assert said == wanted
