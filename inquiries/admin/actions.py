"""What the list of inquiries does to several at once, and says how many it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inquiries import exports, ownership, pipeline, privacy, services, spam
from inquiries.admin.forms import AssignForm, MoveForm
from inquiries.desk.pages import render_desk
from inquiries.models import Inquiry, Look, OutgoingMail

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many refusals are said one by one; the rest is counted.
REFUSALS_SHOWN = 10


class InquiryActions(admin.ModelAdmin):
    """Actions of the list, all through the services."""

    actions = (
        "assign_to_me",
        "assign_to",
        "move_to_stage",
        "mark_spam",
        "send_failed_again",
        "replace_receipt_links",
        "export_csv",
        "export_xlsx",
    )

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inquiries.export_inquiry")

    @admin.action(description=gettext_lazy("Assign to me"), permissions=["change"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(
            request, queryset, lambda item: services.assign(item, request.user, request.user)
        )

    @admin.action(description=gettext_lazy("Assign to …"), permissions=["change"])
    def assign_to(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = AssignForm(request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Assign inquiries"), "assign_to")
        owner = form.cleaned_data["owner"]
        self._each(request, queryset, lambda item: services.assign(item, owner, request.user))
        self.say_who_is_away(request, owner)
        return None

    @admin.action(description=gettext_lazy("Move to stage …"), permissions=["change"])
    def move_to_stage(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = MoveForm(request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Move inquiries"), "move_to_stage")
        stage, given = form.cleaned_data["stage"], form.fields_given()
        self._each(
            request,
            queryset,
            lambda item: pipeline.change_stage(item, stage, request.user, **given),
        )
        return None

    @admin.action(description=gettext_lazy("Put into quarantine"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, lambda item: spam.quarantine(item, request.user))

    @admin.action(description=gettext_lazy("Send failed mails again"), permissions=["change"])
    def send_failed_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        failed = OutgoingMail.objects.filter(
            inquiry__in=queryset, status=OutgoingMail.Status.FAILED
        )
        for mail in failed:
            services.send_again(mail, request.user)
        self._say(request, len(failed))

    @admin.action(
        description=gettext_lazy("Make given-out receipt links worthless"), permissions=["change"]
    )
    def replace_receipt_links(self, request: HttpRequest, queryset: QuerySet) -> None:
        for item in queryset:
            services.replace_secret(item, request.user)
        self._say(request, len(queryset))

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["export"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        privacy.note_look(queryset, request.user, Look.Kind.EXPORT)
        return _file(exports.as_csv(exports.rows(queryset)), "text/csv; charset=utf-8", "csv")

    @admin.action(description=gettext_lazy("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        privacy.note_look(queryset, request.user, Look.Kind.EXPORT)
        return _file(exports.as_xlsx(exports.rows(queryset)), XLSX_TYPE, "xlsx")

    def say_who_is_away(self, request: HttpRequest, owner: Any) -> None:
        """An absent officer can be given an inquiry: the next round of the worker hands it over."""
        absence = ownership.absence_of(owner)
        if absence:
            words = _(
                "%(officer)s is away until %(day)s. What you gave passes on to the stand-in or "
                "backup if one is there."
            )
            day = date_format(absence.last_day)
            self.message_user(request, words % {"officer": owner, "day": day}, messages.WARNING)

    def _each(
        self, request: HttpRequest, queryset: QuerySet, change: Callable[[Inquiry], bool]
    ) -> None:
        """Each on its own: one gate that stays closed does not hold up the others."""
        done = same = 0
        refused = []
        for item in queryset.select_related("signed_project"):
            try:
                is_changed = change(item)
            except pipeline.GateClosed as closed:
                refused.append(f"{item.reference}: {' '.join(closed.messages)}")
            else:
                done, same = done + is_changed, same + (not is_changed)
        self._say(request, done)
        if same:
            words = ngettext("%(count)d was so already.", "%(count)d were so already.", same)
            self.message_user(request, words % {"count": same}, messages.INFO)
        for words in refused[:REFUSALS_SHOWN]:
            self.message_user(request, words, messages.ERROR)
        if more := len(refused[REFUSALS_SHOWN:]):
            words = ngettext("%(count)d more was refused.", "%(count)d more were refused.", more)
            self.message_user(request, words % {"count": more}, messages.ERROR)

    def _ask(
        self, request: HttpRequest, queryset: QuerySet, form: forms.Form, title: str, action: str
    ) -> HttpResponse:
        """The page between choosing the action and doing it."""
        context: dict[str, Any] = {
            "form": form,
            "action": action,
            "chosen": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return render_desk(request, "inquiries/desk/action.html", title, context)

    def _say(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d changed.", "%(count)d changed.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS if count else messages.INFO)


def _file(content: bytes, content_type: str, ending: str) -> HttpResponse:
    name = f"inquiries-{timezone.localdate():%Y-%m-%d}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
