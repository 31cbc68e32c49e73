"""The pull-request bot: keeps the Dockerfiles of repositories in shape by small pull requests."""
