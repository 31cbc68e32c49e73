# A place for a Dockerfile.

# FROM debian
