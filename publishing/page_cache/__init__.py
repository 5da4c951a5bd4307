"""Finished public pages, kept as compressed bytes below Django (``docs/decisions/0015``).

``application.PageCache`` wraps the WSGI application. ``keys`` tells which requests may be answered
from the store, ``pages`` what is kept, ``content_clock`` which state of the content is current,
``flights`` who makes a page now, and ``ticket`` is how a view below allows its answer to be kept.
Nothing on the way of a kept page asks Django, the database or Redis.
"""
