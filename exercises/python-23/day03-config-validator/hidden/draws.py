"""What this day's tests draw: names of fields, schemas, configurations that fit them, and values that do not."""

# None of these reads like the name of a type, or like what is said of a field.
NAMES = ["port", "host", "region", "owner", "retries", "depth", "volume", "colour", "debug", "zone", "height", "width"]
NAMES += ["speed", "bucket", "domain", "branch", "queue", "worker", "window", "margin", "budget", "season", "user"]
SECTIONS = ["server", "storage", "backup", "network", "kitchen", "cache", "garden", "mail", "logging", "billing"]
WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "juniper", "larch", "maple", "olive"]
KINDS = ["int", "str", "float", "bool", "list"]


def draw_value(rng, kind):
    """Draws a value of this type that nobody takes for one of another type, or for none."""
    return {
        "int": lambda: rng.randint(2, 9999),
        "str": lambda: rng.choice(WORDS),
        "float": lambda: rng.randint(1, 99) + 0.5,
        "bool": lambda: True,
        "list": lambda: rng.sample(WORDS, 2),
    }[kind]()


def wrong_values(rng, kind):
    """Draws values that are of another type, each with the name of its own."""
    word, number = rng.choice(WORDS), rng.randint(2, 9999)
    return {
        "int": [(word, "str"), (str(number), "str"), (number + 0.5, "float"), ([number], "list")],
        "str": [(number, "int"), ([word], "list"), ({word: word}, "dict")],
        "float": [(word, "str"), ([number], "list")],
        "bool": [(word, "str"), ("true", "str"), ([True], "list")],
        "list": [(word, "str"), (number, "int"), ({word: word}, "dict")],
    }[kind]


def draw_schema(rng, kinds=None):
    """Draws a schema of one level, with these types or with all of them, in some order."""
    kinds = rng.sample(KINDS, len(KINDS)) if kinds is None else kinds
    return dict(zip(rng.sample(NAMES, len(kinds)), kinds, strict=True))


def fitting(rng, schema):
    """Draws a configuration that fits a schema."""
    return {
        name: fitting(rng, kind) if isinstance(kind, dict) else draw_value(rng, kind.split(",")[0])
        for name, kind in schema.items()
    }


def draw_nested(rng, depth):
    """Draws a schema of sections within sections, and the path of a field at the bottom, a number.

    The types are the plainest ones, so that whoever has trouble with another type is not told of trouble with sections.
    """
    names, sections = rng.sample(NAMES, 2 * depth + 2), rng.sample(SECTIONS, depth)
    field = names.pop()
    schema = {field: "int", names.pop(): "str"}
    for section in sections:
        others = {names.pop(): "str"}
        schema = {section: schema, **others} if rng.random() < 0.5 else {**others, section: schema}
    return schema, [*reversed(sections), field]


def at(config, path):
    """Returns what stands at a path."""
    for name in path:
        config = config[name]
    return config


def without(config, path):
    """Returns a copy of a configuration without the field at this path."""
    name, *rest = path
    if not rest:
        return {key: item for key, item in config.items() if key != name}
    return {**config, name: without(config[name], rest)}


def replaced(config, path, item):
    """Returns a copy of a configuration with something else at this path."""
    name, *rest = path
    return {**config, name: replaced(config[name], rest, item) if rest else item}
