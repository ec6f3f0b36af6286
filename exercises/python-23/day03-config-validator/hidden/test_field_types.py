"""Types: values of the right one are accepted, values of others are not."""

import pytest
from draws import KINDS, draw_schema, draw_value, fitting, replaced, wrong_values
from grade_kit.suite import requirement
from probes import validated, verdict, way_to_ask


def schema_with(rng, kind):
    """Draws a schema that has one field of this type, and its name."""
    schema = draw_schema(rng)
    return schema, next(name for name, each in schema.items() if each == kind)


@requirement("field-types")
@pytest.mark.parametrize("kind", KINDS)
def test_values_of_the_right_type_are_accepted(candidate, rng, kind):
    """a field of type {kind} takes any value of that type"""
    schema, name = schema_with(rng, kind)
    for _ in range(3):
        config = {**fitting(rng, schema), name: draw_value(rng, kind)}
        assert candidate.run(validated, way_to_ask(candidate), schema, config) == "accepted"


@requirement("field-types")
@pytest.mark.parametrize("kind", KINDS)
def test_values_of_other_types_are_refused(candidate, rng, kind):
    """a field of type {kind} takes no value of another type"""
    schema, name = schema_with(rng, kind)
    for wrong, _ in wrong_values(rng, kind):
        config = replaced(fitting(rng, schema), [name], wrong)
        assert verdict(candidate.run(validated, way_to_ask(candidate), schema, config)) == "refused"


@requirement("field-types")
def test_the_last_field_is_looked_at_as_well(candidate, rng):
    """every field is looked at, the first one as well as the last"""
    schema = draw_schema(rng, ["str", "int", "str", "int", "str", "int"])
    config = fitting(rng, schema)
    for name, kind in schema.items():
        wrong, _ = rng.choice(wrong_values(rng, kind))
        said = candidate.run(validated, way_to_ask(candidate), schema, replaced(config, [name], wrong))
        assert verdict(said) == "refused"
