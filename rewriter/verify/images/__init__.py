"""Two images on the disk, read and compared."""
