"""What Overture does in a conversation: read the tracker, call one use case, say one line."""
