"""How a stage that compiles what it ships is cut in two: what builds, what comes of it, and what that needs to run."""
