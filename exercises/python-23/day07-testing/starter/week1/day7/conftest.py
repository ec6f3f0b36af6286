"""Fixtures for all the tests in this folder go here."""

import pytest
