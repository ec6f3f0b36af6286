import unittest

from stats import NoNumbers, get_median


class TestMedian(unittest.TestCase):
    def test_median(self):
        self.assertEqual(get_median([5, 1, 3]), 3)
        self.assertEqual(get_median([4, 1, 3, 2]), 2.5)

    def test_empty(self):
        self.assertRaises(NoNumbers, get_median, [])
