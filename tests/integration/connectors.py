"""A server with the connectors alone, for tests that kill it often: the dialogue says words back.

Everything between the platform and the dialogue is the product's; started as
``python -m tests.integration.connectors PORT CREDENTIALS``.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace

from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from connectors.messenger import MessengerInput
from overture.accounts import read_credentials
from overture.bootstrap import runtime


async def say_back(message: UserMessage) -> None:
    """Answer with the person's words."""
    await message.output_channel.send_response(message.sender_id, {"text": f"re: {message.text}"})


def main() -> None:
    """Serve until killed."""
    logging.basicConfig(level=logging.WARNING)
    port, credentials = sys.argv[1:]
    config = read_credentials(Path(credentials))["messenger"]
    app = Sanic("connectors")
    app.ctx.agent = SimpleNamespace(is_ready=lambda: True)
    channel = MessengerInput(config, runtime())
    app.blueprint(channel.blueprint(say_back), url_prefix="/webhooks/messenger")
    app.run("127.0.0.1", int(port), access_log=False, debug=False)


if __name__ == "__main__":
    main()
