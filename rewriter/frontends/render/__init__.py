"""How an outcome looks: as lines, as diffs, as JSON."""
