import pytest

from week1.day2.datastructures import (
    CircularBuffer,
    EmptyError,
    FullError,
    LRUCache,
    Queue,
    Stack,
)


class TestStack:
    def test_last_in_first_out(self):
        stack: Stack[int] = Stack()
        stack.push(1)
        stack.push(2)
        assert list(stack) == [2, 1]
        assert stack.top == 2
        assert stack.pop() == 2
        assert stack.pop() == 1
        assert not stack

    def test_empty(self):
        with pytest.raises(EmptyError):
            Stack().pop()
        with pytest.raises(EmptyError):
            _ = Stack().top


class TestQueue:
    def test_first_in_first_out(self):
        queue: Queue[str] = Queue()
        for letter in "abc":
            queue.put(letter)
        assert queue.front == "a"
        assert [queue.get(), queue.get(), queue.get()] == ["a", "b", "c"]
        with pytest.raises(EmptyError):
            queue.get()


class TestLRUCache:
    def test_reading_keeps_alive(self):
        cache: LRUCache[str, int] = LRUCache(2)
        cache["a"] = 1
        cache["b"] = 2
        assert cache["a"] == 1
        cache["c"] = 3
        assert "b" not in cache
        assert set(cache) == {"a", "c"}

    def test_writing_again_keeps_alive(self):
        cache: LRUCache[str, int] = LRUCache(2)
        cache["a"] = 1
        cache["b"] = 2
        cache["a"] = 5
        cache["c"] = 3
        assert cache["a"] == 5
        with pytest.raises(KeyError):
            cache["b"]

    @pytest.mark.parametrize("size", [0, -1])
    def test_bad_size(self, size):
        with pytest.raises(ValueError):
            LRUCache(size)


class TestCircularBuffer:
    def test_wraps_round(self):
        ring: CircularBuffer[int] = CircularBuffer(3)
        for n in (1, 2, 3):
            ring.write(n)
        assert ring.read() == 1
        ring.write(4)
        assert [ring.read(), ring.read(), ring.read()] == [2, 3, 4]

    def test_full_and_empty(self):
        ring: CircularBuffer[int] = CircularBuffer(1)
        with pytest.raises(EmptyError):
            ring.read()
        ring.write(1)
        with pytest.raises(FullError):
            ring.write(2)

    def test_overwrite_drops_the_oldest(self):
        ring: CircularBuffer[int] = CircularBuffer(2)
        for n in (1, 2, 3):
            ring.overwrite(n)
        assert [ring.read(), ring.read()] == [2, 3]
