"""A symbolic file system of each stage: what is placed and deleted, who uses it in between, what stays hidden."""
