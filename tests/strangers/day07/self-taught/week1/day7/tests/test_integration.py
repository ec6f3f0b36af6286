import json
from urllib.error import URLError

import pytest

from plugins.data_validator import ValidationError

pytestmark = pytest.mark.integration


def test_all_together(full_manager, web):
    assert full_manager.run({"text": "  hello "}) == {"text": "hello", "status": 200}
    assert json.loads(web.call_args.args[0].data) == {"text": "hello"}


def test_notification_is_last(full_manager):
    assert full_manager.resolve()[-1] == "notification"


def test_invalid_data_is_not_sent(full_manager, web):
    with pytest.raises(ValidationError):
        full_manager.run({"text": 5})
    web.assert_not_called()


def test_server_down(full_manager, web, sleep):
    web.side_effect = URLError("down")
    assert full_manager.run({"text": "x"})["status"] is None
    assert sleep.call_count == 2


def test_new_plugin_in_the_chain(full_manager, fake, web):
    full_manager.register(fake("after", "notification"))
    result = full_manager.run({"text": "x"})
    assert result["path"] == "after"
    assert full_manager.resolve()[-1] == "after"
