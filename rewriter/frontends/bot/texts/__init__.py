"""What the bot writes: pull requests, commits, comments, issues and reports."""
