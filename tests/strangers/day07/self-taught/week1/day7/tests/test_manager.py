import pytest


def test_register(manager, fake):
    manager.register(fake("a"))
    assert list(manager.plugins) == ["a"]
    with pytest.raises(ValueError, match="already"):
        manager.register(fake("a"))


@pytest.mark.parametrize("thing", [1, "a", None, object])
def test_register_wrong(manager, thing):
    with pytest.raises(TypeError):
        manager.register(thing)


@pytest.mark.parametrize(
    "graph,order",
    [
        ([], ""),
        ([("a",)], "a"),
        ([("a", "b"), ("b",)], "ba"),
        ([("a", "b"), ("b", "c"), ("c",)], "cba"),
        ([("d", "b", "c"), ("b", "a"), ("c", "a"), ("a",)], "abcd"),
    ],
)
def test_resolve(manager, fake, graph, order):
    for item in graph:
        manager.register(fake(*item))
    assert "".join(manager.resolve()) == order
    assert manager.run({}).get("path", "") == order


@pytest.mark.parametrize(
    "graph,error,message",
    [
        ([("a", "x")], LookupError, "a needs x"),
        ([("a", "a")], ValueError, "a -> a"),
        ([("a", "b"), ("b", "c"), ("c", "a")], ValueError, "a -> b -> c -> a"),
    ],
)
def test_resolve_errors(manager, fake, graph, error, message):
    for item in graph:
        manager.register(fake(*item))
    with pytest.raises(error, match=message):
        manager.resolve()


def test_discover(manager):
    assert manager.discover() == 3
    assert set(manager.plugins) == {"text_processor", "data_validator", "notification"}


def test_discover_directory(manager, tmp_path, monkeypatch):
    package = tmp_path / "mypack"
    package.mkdir()
    (package / "_skip.py").write_text("1/0")
    (package / "notes.txt").write_text("hello")
    (package / "one.py").write_text(
        "from plugins import Plugin\n"
        "class One(Plugin):\n"
        "    name = 'one'\n"
        "    version = '1'\n"
        "    def execute(self, data): return {'one': 1}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert manager.discover(package, "mypack") == 1
    assert manager.run({}) == {"one": 1}
