"""What the bot asks of GitHub, GitLab, Gitea and of a repository on disk, each behind the port of `platform`."""
