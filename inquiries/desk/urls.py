"""Addresses of the desk's own pages, named ``admin:inquiries_…``.

``InquiryAdmin.get_urls`` puts them before its own.
"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
