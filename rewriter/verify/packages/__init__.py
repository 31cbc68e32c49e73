"""Which packages an image holds, from the databases of their managers."""
