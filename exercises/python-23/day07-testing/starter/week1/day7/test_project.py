"""Your tests of one of the week's projects go here: which promises does it make, and at which limits could it break them?"""
