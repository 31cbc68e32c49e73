"""How each package manager is called: the table that `call.py` reads commands by.

Source of each row: the option parser of the manager itself, or its manual where it does not install on the machine that
the table was made on (apk, microdnf, tdnf, conda and its kin, gradle, dotnet).
"""

from .manager import Does, Manager
from .managers_compiled import COMPILED
from .managers_scripting import SCRIPTING
from .managers_system import SYSTEM

__all__ = ["MANAGERS", "Does", "Manager"]

MANAGERS = (*SYSTEM, *SCRIPTING, *COMPILED)
