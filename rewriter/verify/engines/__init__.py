"""Build engines behind one port (recipe.py), and what tidies up behind them (janitor.py)."""
