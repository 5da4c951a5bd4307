"""Addresses of the desk's own pages, named ``admin:inquiries_…``.

``InquiryAdmin.get_urls`` puts them before its own.
"""

from django.urls import URLPattern, path

from inquiries.desk import figures, files, inbound, privacy, reply

urlpatterns: list[URLPattern] = [
    path("figures/", figures.figures_page, name="inquiries_figures"),
    path("figures/report/", figures.report, name="inquiries_report"),
    path("<int:pk>/privacy/", privacy.privacy_page, name="inquiries_privacy"),
    path("<int:pk>/privacy/copy/", privacy.copy_of_data, name="inquiries_privacy_copy"),
    path("<int:pk>/privacy/erase/", privacy.erase_inquiry, name="inquiries_privacy_erase"),
    path("<int:pk>/files/<int:file_pk>/", files.download, name="inquiries_file"),
    path("inbox/", inbound.inbox, name="inquiries_inbox"),
    path("inbox/<int:pk>/", inbound.file_mail, name="inquiries_file_mail"),
    path("<int:pk>/message/", inbound.paste, name="inquiries_paste"),
    path("<int:pk>/reply/", reply.reply_page, name="inquiries_reply"),
]
