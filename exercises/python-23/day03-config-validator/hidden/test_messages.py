"""What a refusal says: which field it is, on the way there, and what is wrong with it."""

import re

import pytest
from draws import NAMES, at, draw_nested, draw_schema, draw_value, fitting, replaced, without, wrong_values
from grade_kit.suite import helper, probe, requirement
from probes import ask, first_wrong, in_words, way_to_ask, way_to_read
from texts import as_json, as_yaml, line_of

DEPTHS = [0, 1, 2, 3]
WORDS_FOR = {
    "int": "int|integer|number|numeric|whole",
    "str": "str|string|text|word",
    "float": "float|number|decimal|real",
    "bool": "bool|boolean|true|false",
    "list": "list|array|sequence",
    "dict": "dict|dictionary|object|mapping|map|section|table|nested|structure|group",
}
WORDS_FOR_MISSING = (
    "missing|required|absent|not found|lacks?|lacking|needs?|needed|mandatory|not present|not (be )?defined|"
    "does not exist|doesn't exist|not in|not set|not given|not provided|undefined|must (be|have|exist)|expected|no"
)


@probe(shared=True)
def refusal(day, way, schema, config):
    """validate {config} against the schema {schema}: what is said about it"""
    return told(ask(day, way, schema, config))


@probe(shared=True)
def refusal_of_file(day, way, schema, name, text, config):
    """validate the file {name} against the schema {schema}. The file: {text}"""
    import pathlib
    import tempfile

    path = pathlib.Path(tempfile.mkdtemp(), name)
    path.write_text(text)
    answer = ask(day, way, schema, config, str(path))
    seen = told(answer)
    return {**seen, **{each: seen[each].replace(str(path), name) for each in ("short", "said")}}


@helper
def told(answer):
    """Returns all that a refusal says, and what it says in short."""
    raised = [answer["raised"]] if answer["raised"] is not None else []
    kinds = [type(each).__name__ for each in (*raised, *answer["items"]) if isinstance(each, BaseException)]
    return {"refused": answer["refused"], "short": in_words(answer), "said": "\n".join(answer["said"]), "kinds": " ".join(dict.fromkeys(kinds))}


def draw(rng, depth):
    """Draws a schema and the path of a field in it."""
    if depth:
        return draw_nested(rng, depth)
    schema = draw_schema(rng, ["int", "str", "bool"])
    return schema, [rng.choice(list(schema))]


def names_all(seen, path):
    """Whether what was said names every step of the path. That something should have been said is for other requirements."""
    if not seen["refused"]:
        return True
    said = seen["said"].lower()
    return all(re.search(rf"(?<![a-z]){name}(?![a-z])", said) for name in path)


def speaks_of(said, words):
    """Whether one of the words stands in what was said; parts of a camel-case or underscored name are words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", said).replace("_", " ").lower()
    return re.search(rf"(?<![a-z])({words})(?![a-z])", parted) is not None


def says_missing(seen, _):
    """Whether what was said says that something is missing, where something was said."""
    return not seen["refused"] or speaks_of(f"{seen['said']} {seen['kinds']}", WORDS_FOR_MISSING)


def names_one(seen, kinds):
    """Whether what was said names one of the types, where something was said."""
    return not seen["refused"] or speaks_of(seen["said"], "|".join(WORDS_FOR[kind] for kind in kinds))


def dotted(path):
    return ".".join(path)


@requirement("messages")
def test_something_is_said(candidate, rng):
    """of a configuration with a wrong type and a missing field something is said"""
    first, second = rng.sample(NAMES, 2)
    seen = candidate.run(refusal, way_to_ask(candidate), {first: "int", second: "int"}, {first: "amber"})
    assert seen["refused"] and (first in seen["said"] or second in seen["said"]), (
        f"expected something that names `{first}` or `{second}`; it says {seen['short']!r}"
    )


@requirement("messages")
def test_a_missing_field_is_named(candidate, rng):
    """what is said about a missing field names it, and the sections that it belongs in"""
    drawn = [draw(rng, depth) for depth in DEPTHS]
    cases = [(schema, without(fitting(rng, schema), path), path) for schema, path in drawn]
    seen, path = first_wrong(candidate, refusal, cases, names_all)
    assert names_all(seen, path), f"expected something that names `{dotted(path)}`; it says {seen['short']!r}"


@requirement("messages")
def test_a_field_of_a_wrong_type_is_named(candidate, rng):
    """what is said about a field of a wrong type names it, and the sections that it stands in"""
    cases = []
    for depth in DEPTHS:
        schema, path = draw(rng, depth)
        wrong, _ = wrong_values(rng, at(schema, path))[0]
        cases.append((schema, replaced(fitting(rng, schema), path, wrong), path))
    seen, path = first_wrong(candidate, refusal, cases, names_all)
    assert names_all(seen, path), f"expected something that names `{dotted(path)}`; it says {seen['short']!r}"


@requirement("messages")
def test_it_is_said_that_a_field_is_missing(candidate, rng):
    """what is said about a missing field says that it is missing or required"""
    drawn = [draw(rng, depth) for depth in DEPTHS[:2]]
    cases = [(schema, without(fitting(rng, schema), path), path) for schema, path in drawn]
    seen, path = first_wrong(candidate, refusal, cases, says_missing)
    words = f"expected something like \"missing\" or \"required\" about `{dotted(path)}`; it says {seen['short']!r}"
    assert says_missing(seen, path), words


@requirement("messages")
def test_the_type_is_said(candidate, rng):
    """what is said about a field of a wrong type names the type that is right, or the one that was found"""
    cases = []
    for schema, path in [draw(rng, depth) for depth in DEPTHS[:2]]:
        kind = at(schema, path)
        wrongs = wrong_values(rng, kind)
        cases += [(schema, replaced(fitting(rng, schema), path, wrong), (kind, found)) for wrong, found in wrongs]
    seen, kinds = first_wrong(candidate, refusal, cases, names_one)
    words = f"expected something that names the type, {' or '.join(kinds)}; it says {seen['short']!r}"
    assert names_one(seen, kinds), words


@requirement("messages")
def test_something_else_in_place_of_a_section_is_named(candidate, rng):
    """what is said about a word, a list or a number where a section belongs names the section"""
    schema, path = draw_nested(rng, 2)
    wrongs = (rng.choice(["amber", "cedar"]), ["birch"], draw_value(rng, "int"))
    cases = [(schema, replaced(fitting(rng, schema), path[:-1], wrong), path[:-1]) for wrong in wrongs]
    seen, section = first_wrong(candidate, refusal, cases, names_all)
    assert names_all(seen, section), f"expected something that names the section `{dotted(section)}`; it says {seen['short']!r}"


@requirement("messages")
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_line_that_is_given_is_right(candidate, rng, kind):
    """where a line is given for a field of a wrong type, it is the line of that field"""
    schema, path = draw_nested(rng, 1)
    config = replaced(fitting(rng, schema), path, "amber")
    text = as_json(config) if kind == "json" else as_yaml(config)
    seen = candidate.run(refusal_of_file, way_to_read(candidate), schema, f"settings.{kind}", text, config)
    lines = re.findall(r"\bline:? ?#?(\d+)", seen["said"].lower())
    right = line_of(text, path[-1])
    words = f"`{dotted(path)}` is in line {right}; it says {seen['short']!r}"
    is_right = path[-1] not in seen["said"] or not lines or str(right) in lines
    assert is_right, words
