"""Exceptions of the configuration validator."""


class ConfigurationException(Exception):
    """Base class."""

    def __init__(self, message: str, field: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.line = line

    def __str__(self) -> str:
        parts: list[str] = []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.field is not None:
            parts.append(f"field '{self.field}'")
        if parts:
            return f"{', '.join(parts)}: {self.message}"
        return self.message


class ConfigFileNotFoundException(ConfigurationException):
    pass


class UnsupportedFormatException(ConfigurationException):
    pass


class MalformedConfigException(ConfigurationException):
    pass


class MissingFieldException(ConfigurationException):
    def __init__(self, field: str, line: int | None = None) -> None:
        super().__init__("required field is missing", field, line)


class InvalidTypeException(ConfigurationException):
    def __init__(self, field: str, expected: str, actual: str, line: int | None = None) -> None:
        super().__init__(f"expected type {expected} but found {actual}", field, line)
        self.expected = expected
        self.actual = actual


class UnknownFieldException(ConfigurationException):
    def __init__(self, field: str, line: int | None = None) -> None:
        super().__init__("unknown field", field, line)
