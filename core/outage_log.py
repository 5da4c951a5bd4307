"""How an outage looks in the log."""

import logging

from core.outage import DATABASE_AWAY


class OutageFilter(logging.Filter):
    """An outage is one line for each request, not the whole way to the database and back."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], DATABASE_AWAY):
            record.msg = f"{record.getMessage()}: {type(record.exc_info[1]).__name__}"
            record.args, record.exc_info = (), None
        return True
