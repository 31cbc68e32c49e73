"""What `chmod` and `chown` of a RUN do to files that a copy above brings, said by flags of the copy."""
