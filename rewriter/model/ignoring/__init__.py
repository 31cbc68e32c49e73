"""What a `.dockerignore` may keep out of a build context, and what it must not."""
