"""A local stand-in for the Meta platform, with a page of three phones, for demo and tests.

One Sanic application plays the Graph API for the accounts of a ``credentials.yml``, sends signed
webhooks to Rasa when somebody uses a phone, enforces the platform's windows, limits and rates on
its own reading of Meta's pages, and shows all of it. Nothing leaves the machine.

What the page does, anybody can do over HTTP. Bodies and answers are JSON; what cannot be done is
answered with 400 and ``{"error": "..."}``. ``channel`` is messenger, instagram or whatsapp;
``user_id`` may be left out (the first person) and may be new (a person is made); ``account_id``
may be left out (the first account of the channel). WhatsApp people go by number or by
business-scoped id.

``POST /sandbox/say``
    ``{"channel", "user_id"?, "wait"?: true, ...}`` and one of

    ============  ==================================================================
    ``text``      what the person types; ``reply_to``: id of the message answered
    ``tap``       title or payload of a quick reply, button or list row of the chat
                  (the newest wins), or ``{"message_id", "title"}``
    ``attach``    image, sticker, audio or location
    ``open``      ref of a persona's link: Get Started or a referral on Messenger, a
                  referral on Instagram (with the first message of a new chat), a
                  text with the ref in brackets on WhatsApp
    ``react``     ``{"message_id", "emoji"}``, an empty emoji takes it back
    ``unsend``    id of the person's own message (Instagram, WhatsApp)
    ============  ==================================================================

    Answers ``{"message_id"}`` at once; with ``wait`` after the webhook was answered or given up,
    with ``"delivered": true|false``.
``POST /sandbox/inbox``
    ``{"channel", "user_id"?, "text"}``: a human answers for the account from its inbox (an echo).
``POST /sandbox/read``
    ``{"channel", "user_id"?}``: the person sees what is new; read receipts go out.
``POST /sandbox/block``
    ``{"channel", "user_id"?, "blocked": true|false}``.
``POST /sandbox/clock``
    ``{"forward": "20h"}`` (also ``90m``, ``1d 2h``); answers ``{"now"}``. 409 outside a demo.
``POST /sandbox/faults``
    ``{"kind", "channel"?: "*", "times"?, "seconds"?, "off"?: true}``; kind ``none`` ends all.
    Kinds: see `overture.sandbox.faults.FAULTS`.
``POST /sandbox/people``
    Makes one more person; answers ``{"number", "ids": {channel: id}}``.
``POST /sandbox/reset``
    Forgets chats, calls, rates and faults; the clock stays.
``GET /sandbox/transcript?channel=&user_id=``
    ``{"conversation", "persona", "last_user_action", "window_open", "messages": [...]}``; a message
    has ``id, sender (person|bot|inbox), kind, at, text, status, choices, unprompted, persona``.
    What the stand-in refused is not in it.
``GET /sandbox/calls?direction=&channel=&kind=&user_id=&message_id=&limit=``
    ``{"calls": [...], "counts": {"graph.whatsapp.message.ok": 3, ...}}``. Direction ``graph``
    (kinds message, typing_on, mark_seen, personas ...) or ``webhook`` (text, quick_reply, button,
    row, get_started, referral, attachment, reaction, unsend, inbox, echo, status:delivered ...);
    ``status`` is None where nothing was answered. Secrets are struck out.
``GET /sandbox/state``, ``/sandbox/links``, ``/sandbox/faults``, ``/sandbox/why?channel=&user_id=``
    What the page shows.
``GET /sandbox/events``
    Server-Sent Events: bubble, changed, typing, opened, blocked, call, clock, faults, people,
    reset.
``GET /health``
    ``{"status": "ok"}``.

The Graph API: ``POST /v26.0/{account or me}/messages``, ``/personas`` (GET, POST, DELETE by id),
``GET /v26.0/{id}`` of an account, persona, person or WhatsApp media object.
"""

from __future__ import annotations
