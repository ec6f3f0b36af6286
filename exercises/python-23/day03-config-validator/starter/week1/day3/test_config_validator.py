"""Your tests of the validator go here: right configurations, and wrong ones of each kind."""
