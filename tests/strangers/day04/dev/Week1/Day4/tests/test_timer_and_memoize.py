import time

from decorators import memoize, timer


def test_timer_measures(capsys):
    @timer
    def nap():
        time.sleep(0.05)
        return 7

    assert nap() == 7
    assert 0.04 < nap.elapsed < 5
    assert "nap" in capsys.readouterr().err


class TestMemoize:
    def setup_method(self):
        self.calls = 0

    def make(self):
        @memoize
        def join(parts, sep=" "):
            self.calls += 1
            return sep.join(parts)

        return join

    def test_lists_too(self):
        join = self.make()
        assert join(["a", "b"]) == "a b"
        assert join(["a", "b"]) == "a b"
        assert self.calls == 1

    def test_keywords_matter(self):
        join = self.make()
        assert join(["a", "b"], sep="-") == "a-b"
        assert join(["a", "b"], sep="+") == "a+b"
        assert self.calls == 2
