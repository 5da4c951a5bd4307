"""The desk for inquiries, by what it shows."""

from inquiries.admin import inquiry, mails, privacy, quality

__all__ = ["inquiry", "mails", "privacy", "quality"]
