"""Real builds of a Dockerfile before and after its changes, compared. Nothing else in dockfix builds anything."""
