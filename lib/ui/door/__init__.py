"""The door: what stands before every page. Sign-in forms, the gate for everything else, headers, start-up checks."""

from starlette.middleware import Middleware

from lib.ui.door import named_pages, routes
from lib.ui.door.guard import Guard
from lib.ui.door.headers import Headers

ROUTES = [*routes.ROUTES, *named_pages.ROUTES]

# Outermost first: a refused request carries the headers too.
MIDDLEWARE = [Middleware(Headers), Middleware(Guard)]

__all__ = ["MIDDLEWARE", "ROUTES"]
