"""Your tests of the plugins go here: one for each thing that the interface promises."""
