"""Wire format of Messenger, Instagram and WhatsApp; pure, standard library only.

Nothing in this package opens a connection, reads a file or asks for the time. Inbound: bytes are
verified (:mod:`.signature`), decoded (:mod:`.wire`) and read (:mod:`.inbound`) into the records of
:mod:`.events`. Outbound: an :class:`.outbound.OutboundMessage` is rendered (:mod:`.render`) into
the bodies the Graph API takes, and its answers are classified (:mod:`.errors`).
"""
