"""One file a transform: the name of the file is the name of the transform."""
