"""Reads what was printed about a value, whatever its layout: labels, tables, sentences, one line or many.

Sizes and ids are looked for among all numbers, names among all words. Whether a text says "mutable" or "immutable"
takes more: `Mutable: False`, `Is it mutable? No`, `not mutable`, `Mutability | immutable` and a table with a column
of that name all say the same. An answer beside a label counts before a word in a sentence, and the first one counts.
"""

import re

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A number, its decimals and the unit behind it; one with separators, 1,234 or 1_234; one to the base of 16.
NUMBER = re.compile(r"(?<!\w)(?<!\d\.)(\d+)(\.\d+)?(?!\.?\d)[ \t]*([A-Za-z]*)")
GROUPED = re.compile(r"(?<![\w,])(\d{1,3}(?:[,_']\d{3})+)(?!\d)()[ \t]*([A-Za-z]*)")
HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])(?:0x)?([0-9a-f]{6,16})h?(?![0-9A-Za-z])", re.IGNORECASE)
SPELLED = {"int": ["int", "integer"], "str": ["str", "string"], "dict": ["dict", "dictionary"]}


def plain(text):
    """Returns a text without colours."""
    return ESCAPES.sub("", text)


def words(text):
    """Returns the words of a text; `__add__` is one, and so is `append` in `.append()`."""
    return set(re.findall(r"\w+", plain(text)))


# --- the type -------------------------------------------------------------------------------------------------------------


def type_told(text, kind):
    """Returns the kind if its name is printed, else what there is instead, in words."""
    found = {word.lower() for word in words(text)}
    if found.intersection(SPELLED.get(kind, [kind])):
        return kind
    return "nothing that names this type"


# --- numbers --------------------------------------------------------------------------------------------------------------


def numbers(text):
    """Yields every number that is printed, with how many decimals and which unit it has: (56.0, 1, "bytes")."""
    for pattern in (NUMBER, GROUPED):
        for whole, decimals, unit in pattern.findall(plain(text)):
            digits = re.sub(r"\D", "", whole)
            # Neither a size nor an id is longer, and Python does not like to read what is.
            if len(digits + decimals) < 40:
                number = float(digits + decimals) if decimals else int(digits)
                yield number, max(0, len(decimals) - 1), unit.lower()


def is_size(size, number, decimals, unit):
    """Whether a printed number says a size in bytes, or in kilobytes as far as it was not rounded away: 2 for 2048 bytes, and not for 2049."""
    if unit in ("kb", "kib", "k"):
        told = [(size / kilo, round(size / kilo, decimals)) for kilo in (1024, 1000)]
        return any(number == (near if decimals else exact) for exact, near in told)
    return number == size


def size_told(text, sizes):
    """Returns the first of the sizes if any of them is printed, else the printed numbers that may have been meant."""
    found = list(numbers(text))
    if any(is_size(size, *each) for each in found for size in sizes):
        return f"{sizes[0]} bytes"
    small = sorted({int(number) for number, _, _ in found if number < 10_000})
    others = ", ".join(map(str, small[:10]))
    return f"other numbers: {others}" if small else "no number that may be a size"


def ids(text):
    """Returns all integers that are printed and may be ids, decimal or to the base of 16."""
    decimal = {number for number, decimals, _ in numbers(text) if not decimals and number >= 10**6}
    return decimal | {int(digits, 16) for digits in HEXADECIMAL.findall(plain(text))}


def id_told(text, wanted):
    """Returns the id if it is printed, else what is printed in its place."""
    if wanted in ids(text):
        return wanted
    large = re.findall(r"(?<![\w.])(?:0[xX][0-9a-fA-F]+|\d{6,20})(?!\w)", plain(text))
    others = ", ".join(dict.fromkeys(large[:5]))
    return f"another number: {others}" if large else "no number that may be an id"


# --- mutable or immutable -------------------------------------------------------------------------------------------------

YES, NO = "✓✔✅☑👍🟢", "✗✘❌✖☒👎🔴🚫⛔×"
MARKS = YES + NO
LABEL = re.compile(r"(?<![a-z])(?:is)?(im|un)?mutab(?:le|ility)(?![a-z])")
ADJECTIVE = re.compile(
    r"(?:(\bnot|\bnon|\bnever|n't)[\s\-_]*(?:an?\s+)?)?(?<![a-z])(?:is)?(im|un)?mutable(?![a-z])"
)
# What may stand between a label and what points to the answer: "mutable or not:", "mutable type:", "is_mutable(val)=".
_OF = r"[ \t]+of[ \t][^:=\n]{1,60}(?=[:=])"
BESIDE = re.compile(
    rf"[ \t]+(?:or[ \t]+not|type|object|value|status|check|state|kind|instance|flag)(?![a-z])(?:{_OF})?"
    rf"|{_OF}"
    r"|[ \t]+is(?=[ \t]*[:=]|[ \t]+(?:true|false|yes|no)\b)"
    r"|(?:_\w{1,40})?[ \t]?\(?[\w, ]{0,60}\)(?=[ \t]*[:=])"
)
BETWEEN = re.compile(rf"[^\w{MARKS}]*")
PLAIN_ANSWER = re.compile(r"(?:(true|yes|y|t|1)|(?:false|no|not|nope|n|f|0))(?!\w)")
MORE_WORDS = re.compile(r"[ \t]\w")
POINTER = re.compile(r"[ \t]*[:=?]")
FULL_ANSWER = re.compile(
    r"(?:(?:it|this|that|is|it's|an?)\s+)*(not\s+|isn't\s+|non[-\s]*)?(?:an?\s+)?(im|un)?mutable(?![a-z])"
)
# "(may hold mutable objects)" says nothing about the value itself.
OTHERS = re.compile(
    r"[ \t]+(?:methods?|objects|items|elements|types|values|ones|containers|members|things)(?![a-z])"
)
CELLS = (re.compile("[|│┃║¦]"), re.compile("\t+"), re.compile("[;,]"), re.compile(" {2,}"))
# Other ways of saying the same, and labels that name both: all become one of three words.
SYNONYMS = (
    (r"[’`]", "'"),
    (r"(?:\[ \]|☐)[ \t]*\w+|\[x\]|☑(?=[ \t]*\w)", ""),
    (r"\(?\b(?:true|yes|y)\s*(?:/|or)\s*(?:false|no|n)\b\)?", ""),
    (r"\b(?:can\s?not|can't|may not|must not) be (?:changed|modified|altered|mutated)\b", "immutable"),
    (r"\bcan be (?:changed|modified|altered|mutated)\b", "mutable"),
    (r"\bun(?:changeable|modifiable)\b", "immutable"),
    (r"\b(?:changeable|modifiable)\b", "mutable"),
    (r"\(im\)\s*mutab(?:le|ility)", "mutability"),
    (
        r"(?<![a-z])(?:im)?mutab(?:le|ility)[\s_]*(?:[/\\]|or|vs\.?|and)[\s_]*(?:im)?mutab(?:le|ility)(?![a-z])",
        "mutability",
    ),
)


def mutability_told(text):
    """Returns "mutable", "immutable", or in words that neither is said."""
    text = plain(text).lower()
    for pattern, word in SYNONYMS:
        text = re.sub(pattern, word, text)
    for reading in (beside_a_label, below_a_heading, in_a_sentence):
        found = reading(text)
        if found is not None:
            return "mutable" if found else "immutable"
    return "neither “mutable” nor “immutable” is said"


def beside_a_label(text):
    """Reads `Mutable: no`, `"is_mutable": false`, `Mutability | immutable`, `Mutable ✓`, `✗ mutable`."""
    for label in LABEL.finditer(text):
        positive = not label[1]
        beside = BESIDE.match(text, label.end())
        found, pointed = answer(text[beside.end() if beside else label.end() :], positive)
        before = text[: label.start()].rstrip(" \t:").removesuffix("\ufe0f")[-1:]
        if before and before in MARKS and not pointed:
            # A cross before "immutable" is an ornament, not a denial.
            return before in YES if positive else False
        if found is not None:
            return found
    return None


def answer(rest, positive):
    """Returns the answer that follows a label, or None, and whether a colon or the like points to it.

    `positive` is whether yes means mutable.
    """
    between = BETWEEN.match(rest)[0]
    after = rest[len(between) :]
    pointed = bool(re.search(r"[:=?|│┃║>→\-–—]", between.partition("\n")[0]))
    if re.search(r"(?<![.\s])\.\s|[,;!]", between) or ("\n" in between and not pointed):
        return None, False
    if after and after[0] in MARKS:
        return (after[0] in YES) is positive, pointed
    if found := FULL_ANSWER.match(after):
        # Where it is a label itself, what stood before was a heading.
        is_label = POINTER.match(after, found.end())
        return (None, False) if is_label else (bool(found[1]) == bool(found[2]), True)
    found = PLAIN_ANSWER.match(after)
    if not found or ("(" in between and not after[found.end() :].startswith(")")):
        return None, False
    if len(found[0]) == 1 and not pointed:
        return None, False
    # "Immutable: no changes" is not "Immutable: no".
    clear = pointed and len(found[0]) > 1 and (positive or found[0] != "no")
    if MORE_WORDS.match(after, found.end()) and not clear:
        return None, False
    return bool(found[1]) is positive, True


def below_a_heading(text):
    """Reads a table whose first row names its columns, one of which is about this."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        for cells_of in CELLS if LABEL.search(line) else ():
            heads = cells_of.split(line.strip())
            columns = [at for at, head in enumerate(heads) if LABEL.fullmatch(head.strip(" ?*_`"))]
            rows = [cells_of.split(row.strip()) for row in lines[number + 1 : number + 4]]
            for row in rows if columns and len(heads) > 2 else ():
                if len(row) == len(heads):
                    positive = not LABEL.search(heads[columns[0]])[1]
                    found, _ = answer(f": {row[columns[0]]}", positive)
                    if found is not None:
                        return found
    return None


def in_a_sentence(text):
    """Reads `This list is mutable.`, `not mutable`, `(immutable)`."""
    labels = []
    for found in ADJECTIVE.finditer(text):
        told = bool(found[1]) == bool(found[2])
        if OTHERS.match(text, found.end()):
            continue
        if not POINTER.match(text, found.end()):
            return told
        labels.append(told)
    return labels[0] if labels else None


# --- methods --------------------------------------------------------------------------------------------------------------


def methods_of(val):
    """Returns the methods that every list of all methods has: those without an underscore in front."""
    return [name for name in dir(val) if not name.startswith("_") and callable(getattr(val, name))]


def missing_methods(text, val):
    """Returns the methods of a value that are not printed."""
    found = words(text)
    return [name for name in methods_of(val) if name not in found]


def foreign_methods(text, val, others):
    """Returns a type whose methods are all printed although they are not the value's, or None."""
    found, own = words(text), set(dir(val))
    for other in others:
        methods = set(methods_of(other))
        if len(methods) > 4 and methods <= found and not methods <= own:
            return type(other).__name__
    return None
