"""Addresses of the desk's own pages, named ``admin:inquiries_…``.

``InquiryAdmin.get_urls`` puts them before its own.
"""

from django.urls import URLPattern, path

from inquiries.desk import figures, files, privacy

urlpatterns: list[URLPattern] = [
    path("figures/", figures.figures_page, name="inquiries_figures"),
    path("figures/report/", figures.report, name="inquiries_report"),
    path("<int:pk>/privacy/", privacy.privacy_page, name="inquiries_privacy"),
    path("<int:pk>/privacy/copy/", privacy.copy_of_data, name="inquiries_privacy_copy"),
    path("<int:pk>/privacy/erase/", privacy.erase_inquiry, name="inquiries_privacy_erase"),
    path("<int:pk>/files/<int:file_pk>/", files.download, name="inquiries_file"),
]
