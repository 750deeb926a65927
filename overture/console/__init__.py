"""The web application in which people look after conversations and follow-ups.

It reads the ledger and acts through the same use cases as everything else, one transaction for
each act; it knows no rule of its own. Pages are made on the server and work without script; what
script adds (keys, news) comes from the package. Nothing is fetched from elsewhere.

==========================================  ================================================
``GET /``                                   conversations: lists, filters, search
``GET /conversations/{id}``                 one conversation and what the gate says about it
``POST /conversations/{id}/{act}``          take over, hand back, pause, opt out, erase ...
``GET /follow-ups``                         what is planned, went out and was withheld
``GET /accounts``                           accounts, personas and the kill switch
``POST /kill-switch``                       stop all proactive messages, or let them go again
``GET, POST /sign-in``                      where ``OVERTURE_CONSOLE_TOKEN`` is set
``GET /health``                             ``{"status": "ok"}``
==========================================  ================================================
"""

from __future__ import annotations
