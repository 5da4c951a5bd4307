"""The desk for inquiries: read, take over, write down, answer, keep the clock in sight."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.measures import format_area
from inquiries import exports, services
from inquiries.admin.filters import AssignmentFilter, ClockFilter
from inquiries.consent import consent_text
from inquiries.desk import urls as desk_urls
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReadOnlyRows(admin.TabularInline):
    """Rows that are written by the portal, not by hand."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnlyRows):
    """What happened, oldest first."""

    model = InquiryEvent
    fields = ("at", "kind", "actor", "words")
    readonly_fields = ("words",)
    verbose_name_plural = gettext_lazy("what happened")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=gettext_lazy("text"))
    def words(self, event: InquiryEvent) -> str:
        """Codes of states and mails in words; notes as they were written."""
        code, _space, rest = event.text.partition(" ")
        kinds = InquiryEvent.Kind
        if event.kind == kinds.STATUS and code in Inquiry.Status:
            return str(Inquiry.Status(code).label)
        if event.kind in {kinds.MAIL_SENT, kinds.MAIL_FAILED, kinds.MAIL_AGAIN}:
            return f"{OutgoingMail.Kind(code).label} {rest}".strip()
        return event.text or "–"


class MailInline(ReadOnlyRows):
    """Mails about the inquiry and what became of them."""

    model = OutgoingMail
    fields = ("kind", "recipient", "status", "attempts", "next_attempt", "sent_at", "last_error")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("next attempt"))
    def next_attempt(self, mail: OutgoingMail) -> str:
        return _next_attempt(mail)


class InquiryForm(forms.ModelForm):
    """State and owner can be changed, notes added; what the sender wrote stays as it is."""

    note = forms.CharField(
        label=gettext_lazy("Add a note"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("For colleagues. It cannot be changed afterwards."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    again = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Send again"),
        required=False,
        queryset=OutgoingMail.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The worker sends them when you have saved."),
    )

    class Meta:
        model = Inquiry
        fields = ("status", "assigned_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "again" in self.fields:
            self.fields["again"].queryset = OutgoingMail.objects.filter(inquiry=self.instance)
        if "assigned_to" in self.fields:
            staff = get_user_model().objects.filter(is_staff=True, is_active=True)
            self.fields["assigned_to"].queryset = staff
            picker = self.fields["assigned_to"].widget
            picker.can_add_related = picker.can_change_related = False
            picker.can_delete_related = picker.can_view_related = False


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin):
    """Inquiries, newest first."""

    form = InquiryForm
    view_on_site = False  # the receipt's address is the sender's secret
    list_display = (
        "reference",
        "received",
        "status_badge",
        "due",
        "subject",
        "country",
        "place",
        "assigned_to",
    )
    list_filter = (ClockFilter, "status", AssignmentFilter, "subject", "language", "park")
    list_select_related = ("park", "assigned_to")
    search_fields = ("reference", "name", "email", "organisation", "phone", "message")
    search_help_text = gettext_lazy("Reference, name, e-mail, organisation, telephone or message")
    date_hierarchy = "created_at"
    list_per_page = 50
    inlines = (EventInline, MailInline)
    actions = (
        "assign_to_me",
        "mark_answered",
        "mark_spam",
        "send_failed_again",
        "replace_receipt_links",
        "export_csv",
        "export_xlsx",
    )
    fieldsets = [
        (
            pgettext_lazy("of an inquiry", "Where it stands"),
            {"fields": [("reference", "received", "due"), ("status", "assigned_to"), "note"]},
        ),
        (
            gettext_lazy("The inquiry"),
            {"fields": ["subject", "park", "project", "message_text", ("language", "page")]},
        ),
        (
            gettext_lazy("Who asks"),
            {"fields": [("name", "organisation"), ("email", "phone"), "country"]},
        ),
        (
            gettext_lazy("The plan"),
            {"fields": [("industry", "investment_band"), ("land", "start")]},
        ),
        (
            gettext_lazy("Agreement and mails"),
            {"fields": ["officer", ("consent_at", "consent_words"), "again"]},
        ),
    ]
    readonly_fields = (
        "reference",
        "received",
        "due",
        "subject",
        "park",
        "project",
        "message_text",
        "language",
        "page",
        "name",
        "organisation",
        "email",
        "phone",
        "country",
        "industry",
        "investment_band",
        "land",
        "start",
        "officer",
        "consent_at",
        "consent_words",
    )

    class Media:
        css = {"all": ("desk/forms.css", "desk/inquiries.css")}

    def get_urls(self) -> list:
        """The desk's own pages (board, reply, figures …) before Django's."""
        return [*desk_urls.urlpatterns, *super().get_urls()]

    # --- who may do what

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inquiries come from the form."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list:
        """Without the questions of the form for who may only read."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        asked = {"note", "again"}
        return [
            (title, {"fields": [name for name in options["fields"] if name not in asked]})
            for title, options in self.fieldsets
        ]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may read inquiries may take them away."""
        return self.has_view_permission(request)

    # --- saving

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: forms.ModelForm, change: bool
    ) -> None:
        """Through the services, so that each change leaves an event."""
        if "assigned_to" in form.changed_data:
            services.assign(obj, obj.assigned_to, request.user)
        if "status" in form.changed_data:
            services.change_status(obj, obj.status, request.user)
        if note := form.cleaned_data.get("note", "").strip():
            services.add_note(obj, note, request.user)
        for mail in form.cleaned_data.get("again", ()):
            services.send_again(mail, request.user)

    # --- actions

    @admin.action(description=gettext_lazy("Assign to me"), permissions=["change"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = sum(services.assign(item, request.user, request.user) for item in queryset)
        self._say(request, count)

    @admin.action(description=gettext_lazy("Mark as answered"), permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._set_status(request, queryset, Inquiry.Status.ANSWERED)

    @admin.action(description=gettext_lazy("Mark as spam"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._set_status(request, queryset, Inquiry.Status.SPAM)

    def _set_status(self, request: HttpRequest, queryset: QuerySet, status: str) -> None:
        count = sum(services.change_status(item, status, request.user) for item in queryset)
        self._say(request, count)

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
        return self._file(exports.as_csv(exports.rows(queryset)), "text/csv; charset=utf-8", "csv")

    @admin.action(description=gettext_lazy("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._file(exports.as_xlsx(exports.rows(queryset)), XLSX_TYPE, "xlsx")

    @staticmethod
    def _file(content: bytes, content_type: str, ending: str) -> HttpResponse:
        name = f"inquiries-{timezone.localdate():%Y-%m-%d}.{ending}"
        return HttpResponse(
            content,
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _say(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d changed.", "%(count)d changed.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS if count else messages.INFO)

    # --- columns and fields

    @admin.display(description=gettext_lazy("received"), ordering="created_at")
    def received(self, inquiry: Inquiry) -> str:
        return _moment(inquiry.created_at)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_badge(self, inquiry: Inquiry) -> str:
        return format_html(
            '<span class="desk-status desk-status--{}">{}</span>',
            inquiry.status,
            inquiry.get_status_display(),
        )

    @admin.display(description=gettext_lazy("answer due"), ordering="due_at")
    def due(self, inquiry: Inquiry) -> str:
        """The promised time; marked when it is over and the sender still waits."""
        if not inquiry.is_overdue():
            return _moment(inquiry.due_at)
        return format_html(
            '{} <span class="desk-state desk-state--overdue">{}</span>',
            _moment(inquiry.due_at),
            _("Overdue"),
        )

    @admin.display(description=gettext_lazy("park"), ordering="park")
    def place(self, inquiry: Inquiry) -> str:
        return inquiry.park.map_name if inquiry.park else "–"

    @admin.display(description=gettext_lazy("message"))
    def message_text(self, inquiry: Inquiry) -> SafeString:
        return SafeString(linebreaks(inquiry.message, autoescape=True))

    @admin.display(description=gettext_lazy("land needed"))
    def land(self, inquiry: Inquiry) -> str:
        return "–" if inquiry.land_needed is None else format_area(inquiry.land_needed)

    @admin.display(description=gettext_lazy("consent text"))
    def consent_words(self, inquiry: Inquiry) -> str:
        return (
            f"{inquiry.consent_version}: "
            f"{consent_text(inquiry.consent_version, inquiry.consent_language)}"
        )


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """All mails about inquiries: what waits, what was given up."""

    list_display = ("inquiry", "kind", "status", "attempts", "next_attempt", "sent_at")
    list_filter = ("status", "kind")
    list_select_related = ("inquiry",)
    search_fields = ("inquiry__reference", "recipient")
    fields = (
        *("inquiry", "kind", "recipient", "status", "attempts", "queued_at"),
        *("next_attempt", "sent_at", "last_error"),
    )
    readonly_fields = fields
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Mails are deleted together with their inquiry, never alone."""
        is_own_page = request.resolver_match.view_name.startswith("admin:inquiries_outgoingmail")
        return not is_own_page and super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("next attempt"), ordering="next_attempt_at")
    def next_attempt(self, mail: OutgoingMail) -> str:
        return _next_attempt(mail)

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        for mail in queryset:
            services.send_again(mail, request.user)
        words = ngettext(
            "%(count)d mail is sent again.", "%(count)d mails are sent again.", len(queryset)
        )
        self.message_user(request, words % {"count": len(queryset)}, messages.SUCCESS)


def _next_attempt(mail: OutgoingMail) -> str:
    is_waiting = mail.status == OutgoingMail.Status.QUEUED
    return _moment(mail.next_attempt_at) if is_waiting else "–"


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
