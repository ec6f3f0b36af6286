"""Your tests of the inspector go here. Try an integer, a string, a list, a tuple, a set and a dict."""
