"""Where dockfix keeps what it can make again: in a folder of its own in the platform's cache folder."""

import os


def cache_folder(*parts: str) -> str:
    """The path of the folder, or of something in it; nothing is made. DOCKFIX_CACHE_DIR takes the platform's place."""
    own = os.environ.get("DOCKFIX_CACHE_DIR")
    if own:
        return os.path.join(own, *parts)
    from platformdirs import user_cache_dir  # Most runs do not ask.

    return os.path.join(user_cache_dir("dockfix", appauthor=False), *parts)
