"""Addresses of the desk's own pages, named ``admin:inquiries_…``.

``InquiryAdmin.get_urls`` puts them before its own.
"""

from django.urls import URLPattern, path

from inquiries.desk import files

urlpatterns: list[URLPattern] = [
    path("<int:pk>/files/<int:file_pk>/", files.download, name="inquiries_file"),
]
