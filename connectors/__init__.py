"""Rasa channels for Messenger, Instagram and WhatsApp."""

from __future__ import annotations
