"""The desk for inquiries, by what it shows."""

from inquiries.admin import answers, inquiry, mails, officers, privacy, quality

__all__ = ["answers", "inquiry", "mails", "officers", "privacy", "quality"]
