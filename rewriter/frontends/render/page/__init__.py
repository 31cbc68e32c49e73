"""Templates of pages, and the plain data that they are given: all that is worked out is worked out before."""
