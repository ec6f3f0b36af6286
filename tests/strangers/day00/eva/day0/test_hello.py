import hello


def test_hello(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: "Eva")
    hello.main()
    captured = capsys.readouterr()
    assert captured.out == "Hello Eva, welcome to Python!\n"
