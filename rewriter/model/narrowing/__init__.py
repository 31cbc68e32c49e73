"""What of a copied folder a Python application uses, and the copies of just that."""
