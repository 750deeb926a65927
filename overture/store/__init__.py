"""What must not be lost: the ports to it, and their SQL implementation."""

from __future__ import annotations
