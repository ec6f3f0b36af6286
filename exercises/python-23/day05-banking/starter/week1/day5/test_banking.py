"""Your tests of the bank go here: one for each operation, and one for each way in which it is refused."""
