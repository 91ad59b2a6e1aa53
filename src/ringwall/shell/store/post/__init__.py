"""Messages in the store: the outbox and the inbox of one organisation, and what the worker has still to carry out."""
