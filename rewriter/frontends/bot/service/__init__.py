"""The bot as a service: webhooks come in, are queued in the journal, and worked off."""
