"""Package managers as data: how they are called, what they leave behind, what may be asked of them."""
