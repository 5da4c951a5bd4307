"""The desk for inquiries, by what it shows."""

from inquiries.admin import inquiry

__all__ = ["inquiry"]
