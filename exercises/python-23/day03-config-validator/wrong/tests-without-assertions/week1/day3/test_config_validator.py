from config_validator import SERVER_SCHEMA, ConfigError, validate


def test_valid() -> None:
    validate({"name": "shop", "debug": True, "server": {"host": "h", "port": 1, "tls": {"certificate": "c"}}}, SERVER_SCHEMA)


def test_empty() -> None:
    try:
        validate({}, SERVER_SCHEMA)
    except ConfigError as error:
        print(error)


def test_name() -> None:
    try:
        validate({"name": 1}, SERVER_SCHEMA)
    except ConfigError as error:
        print(error)


def test_server() -> None:
    try:
        validate({"name": "shop", "debug": True, "server": {}}, SERVER_SCHEMA)
    except ConfigError as error:
        print(error)
