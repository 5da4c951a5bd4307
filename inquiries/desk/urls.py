"""Addresses of the desk's own pages, named ``admin:inquiries_…``.

``InquiryAdmin.get_urls`` puts them before its own.
"""

from django.urls import URLPattern, path

from inquiries.desk import (
    board,
    clock,
    figures,
    files,
    inbound,
    intake,
    privacy,
    reply,
    saved_views,
)

urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="inquiries_board"),
    path("<int:pk>/move/", board.move, name="inquiries_move"),
    path("views/save/", saved_views.save, name="inquiries_view_save"),
    path("views/<int:pk>/delete/", saved_views.delete, name="inquiries_view_delete"),
    path("import/", intake.import_list, name="inquiries_import"),
    path("figures/", figures.figures_page, name="inquiries_figures"),
    path("figures/report/", figures.report, name="inquiries_report"),
    path("<int:pk>/privacy/", privacy.privacy_page, name="inquiries_privacy"),
    path("<int:pk>/privacy/copy/", privacy.copy_of_data, name="inquiries_privacy_copy"),
    path("<int:pk>/privacy/erase/", privacy.erase_inquiry, name="inquiries_privacy_erase"),
    path("<int:pk>/files/<int:file_pk>/", files.download, name="inquiries_file"),
    path("inbox/", inbound.inbox, name="inquiries_inbox"),
    path("inbox/<int:pk>/", inbound.file_mail, name="inquiries_file_mail"),
    path("<int:pk>/message/", inbound.paste, name="inquiries_paste"),
    path("<int:pk>/clock/", clock.clock_page, name="inquiries_clock"),
    path("<int:pk>/reply/", reply.reply_page, name="inquiries_reply"),
]
