"""How often something may be asked for. Counted in the memory of the one web process (docs/decisions/0004)."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address)
