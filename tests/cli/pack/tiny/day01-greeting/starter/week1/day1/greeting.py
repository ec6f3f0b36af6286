"""Greets people."""


def greet(name):
    ...


def shout(text):
    ...
