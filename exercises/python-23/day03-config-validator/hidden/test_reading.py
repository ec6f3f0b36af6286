"""Files: JSON and YAML are read, and what cannot be read is told."""

import re

import pytest
from draws import NAMES, SECTIONS, draw_value, fitting, without
from grade_kit.suite import probe, requirement
from probes import ask, found_in, in_words, load, plain_data, verdict, way_to_read
from probes_answers import texts_of
from texts import as_json, as_yaml

EACH_KIND = pytest.mark.parametrize("kind", [pytest.param(each, marks=requirement(each)) for each in ("json", "yaml")])
NOT_SHOWN = "(what was read is not shown)"


@probe(shared=True)
def read(day, loaders, name, text):
    """read the file {name}, which holds {text}"""
    import pathlib
    import tempfile

    if not loaders:
        return "(what was read is not shown)"
    path = pathlib.Path(tempfile.mkdtemp(), name)
    path.write_text(text)
    found = plain_data(load(day, loaders, str(path)))
    return "(what was read is not shown)" if found is None else found


@probe(shared=True)
def validated_file(day, way, schema, name, text, config):
    """validate the file {name} against the schema {schema}. The file: {text}"""
    import pathlib
    import tempfile

    path = pathlib.Path(tempfile.mkdtemp(), name)
    path.write_text(text)
    return in_words(ask(day, way, schema, config, str(path)))


@probe(shared=True)
def validated_by(day, way, function, schema, name, text, config):
    """validate the file {name} with {function}, against the schema {schema}. The file: {text}"""
    import pathlib
    import tempfile

    path = pathlib.Path(tempfile.mkdtemp(), name)
    path.write_text(text)
    answer = ask(day, way, schema, config, str(path))
    # Some say what is wrong to people and not to their callers.
    return "refused, on the screen" if answer.get("printed") else in_words(answer)


@probe(shared=True)
def broken_file(day, way, schema, name, text):
    """validate the file {name} against the schema {schema}. The file: {text}"""
    import pathlib
    import tempfile

    path = pathlib.Path(tempfile.mkdtemp(), name)
    if text is not None:
        path.write_text(text)
    answer = ask(day, way, schema, None, str(path))
    said = [text for item in answer["items"] for text in texts_of(item)] + answer["said"]
    return {"short": in_words(answer).replace(str(path), name), "said": "\n".join(said).replace(str(path), name)}


def draw(rng):
    """Draws a schema with a section, and a configuration that fits it."""
    names, section = rng.sample(NAMES, 5), rng.choice(SECTIONS)
    inner = {names[2]: "str", names[3]: "int", names[4]: "bool"}
    schema = {names[0]: "int", names[1]: "str", section: inner}
    return schema, fitting(rng, schema)


def text_of(config, kind):
    return as_json(config) if kind == "json" else as_yaml(config)


@EACH_KIND
def test_what_is_read_is_what_the_file_holds(candidate, rng, kind):
    """what is read from a {kind} file is what it holds"""
    _, config = draw(rng)
    config = {**config, "tags": draw_value(rng, "list")}
    seen = candidate.run(read, found_in(candidate)["loaders"], f"settings.{kind}", text_of(config, kind))
    # A validator that reads the file itself, or a loader that gives an object of its own, is seen by its verdicts alone.
    assert seen == (NOT_SHOWN if seen == NOT_SHOWN else config)


@EACH_KIND
def test_a_file_that_fits_is_accepted(candidate, rng, kind):
    """a {kind} file that fits the schema is accepted"""
    schema, config = draw(rng)
    way = way_to_read(candidate)
    assert candidate.run(validated_file, way, schema, f"settings.{kind}", text_of(config, kind), config) == "accepted"


@EACH_KIND
def test_a_file_that_does_not_fit_is_refused(candidate, rng, kind):
    """a {kind} file that lacks one field, and has a word for a number, is refused"""
    schema, config = draw(rng)
    first, second, *_ = schema
    config = without({**config, first: "amber"}, [second])
    way = way_to_read(candidate)
    said = candidate.run(validated_file, way, schema, f"settings.{kind}", text_of(config, kind), config)
    assert verdict(said) == "refused"


@EACH_KIND
def test_what_validates_files_by_its_name_refuses_what_does_not_fit(candidate, rng, kind):
    """whatever is called `validate_file`, or the like, refuses a {kind} file that lacks one field, and has a word for a number"""
    schema, config = draw(rng)
    first, second, *_ = schema
    config = without({**config, first: "amber"}, [second])
    for way in found_in(candidate)["files"]:
        asked = way["call"]["target"]
        said = candidate.run(validated_by, way, asked, schema, f"settings.{kind}", text_of(config, kind), config)
        assert verdict(said) == "refused"


def broken(rng, kind):
    """Draws the text of a file that breaks off at one line, and the number of that line."""
    names = rng.sample(NAMES, 9)
    if kind == "json":
        lines = ["{", *(f'  "{name}": {rng.randint(100, 999)},' for name in names), '  "last": 100', "}"]
    else:
        lines = [f"{name}: {rng.randint(100, 999)}" for name in names]
    number = rng.randint(5, 8)
    lines[number - 1] = f'  "{names[0]}": ]' if kind == "json" else f"{names[0]}x: ]"
    return "\n".join(lines) + "\n", number


@requirement("broken-files")
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_broken_file_is_refused_with_its_line(candidate, rng, kind):
    """a {kind} file that is not well-formed is refused, and the line is given"""
    text, number = broken(rng, kind)
    seen = candidate.run(broken_file, way_to_read(candidate), {"port": "int"}, f"settings.{kind}", text)
    assert verdict(seen["short"]) == "refused"
    found = re.search(rf"(?<!\d){number}(?!\d)", seen["said"])
    assert found, f"the fault is in line {number}, which is not said: {seen['short']!r}"
    lines = re.findall(r"\bline:? ?#?(\d+)", seen["short"].lower())
    is_right = not lines or str(number) in lines
    assert is_right, f"the fault is in line {number}; it says {seen['short']!r}"


@requirement("broken-files")
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_missing_file_is_refused_by_name(candidate, rng, kind):
    """a file that does not exist is refused, and its name is given"""
    name = f"{rng.choice(NAMES)}{rng.randint(10, 99)}.{kind}"
    seen = candidate.run(broken_file, way_to_read(candidate), {"port": "int"}, name, None)
    assert verdict(seen["short"]) == "refused"
    is_named = name in seen["said"]
    assert is_named, f"expected something that names `{name}`; it says {seen['short']!r}"


@requirement("broken-files")
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_file_without_fields_is_refused(candidate, rng, kind):
    """a {kind} file that holds a list and no fields is refused"""
    text = "[1, 2, 3]\n" if kind == "json" else "- 1\n- 2\n"
    said = candidate.run(validated_file, way_to_read(candidate), {"port": "int"}, f"settings.{kind}", text, {})
    assert verdict(said) == "refused"
