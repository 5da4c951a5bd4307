"""The desk for inquiries, by what it shows."""

from inquiries.admin import inquiry, mails

__all__ = ["inquiry", "mails"]
