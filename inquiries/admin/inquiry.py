"""The desk for inquiries: read, take over, write down, move on, keep the clock in sight."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.measures import format_area
from inquiries import by_hand, inbound, masking, pipeline, privacy, services
from inquiries.admin.actions import InquiryActions
from inquiries.admin.files import FileInline
from inquiries.admin.filters import LIST_FILTERS
from inquiries.admin.forms import InquiryForm, TypedInquiryForm
from inquiries.admin.rows import EventInline, MailInline, moment_shown
from inquiries.clocks import clock_state
from inquiries.consent import consent_text
from inquiries.desk import saved_views
from inquiries.desk import urls as desk_urls
from inquiries.filters import is_number
from inquiries.models import InboundMail, Inquiry
from publishing.pages import absolute


@admin.register(Inquiry)
class InquiryAdmin(InquiryActions):
    """Inquiries that one may see, newest first."""

    form = InquiryForm
    view_on_site = False  # the receipt's address is the sender's secret
    list_display = (
        "reference",
        "who",
        "status_badge",
        "due",
        "assigned_to",
        "queue",
        "country",
        "place",
        "received",
    )
    list_filter = LIST_FILTERS
    list_select_related = ("park", "assigned_to")
    search_fields = ("reference", "name", "email", "organisation", "phone", "message", "code_name")
    search_help_text = gettext_lazy("Reference, name, e-mail, organisation, telephone or message")
    date_hierarchy = "created_at"
    list_per_page = 50
    inlines = (FileInline, EventInline, MailInline)
    fieldsets = [
        (
            pgettext_lazy("of an inquiry", "Where it stands"),
            {
                "fields": [
                    ("reference", "received", "due"),
                    ("status", "kind"),
                    ("assigned_to", "backup"),
                    ("next_action", "next_action_due"),
                    "note",
                ]
            },
        ),
        (
            gettext_lazy("For the next stage"),
            {
                "fields": [
                    ("role", "country", "industry"),
                    ("proposed_park", "visit_on"),
                    "signed_project",
                    ("close_reason", "lost_to"),
                ],
                "description": gettext_lazy(
                    "Screened asks for role, country and industry, a proposal for a park, a visit "
                    "for its day, a signed contract for its project, a landed company for that "
                    "project’s milestone “In production”, a closed inquiry for the reason."
                ),
            },
        ),
        (
            gettext_lazy("The inquiry"),
            {
                "fields": [
                    *("subject", "park", "project", "message_text"),
                    ("language", "sent_from", "figure"),
                ]
            },
        ),
        (
            gettext_lazy("Who asks"),
            {
                "fields": [
                    ("name", "organisation"),
                    ("email", "phone"),
                    ("is_confidential", "code_name"),
                ]
            },
        ),
        (
            gettext_lazy("The plan"),
            {"fields": [("investment_band", "land", "start")]},
        ),
        (
            gettext_lazy("Agreement and mails"),
            {
                "fields": [
                    ("channel", "officer"),
                    ("consent_at", "consent_words", "also_agreed"),
                    ("rating", "rating_text"),
                    "again",
                ]
            },
        ),
    ]
    add_fieldsets = [
        (
            gettext_lazy("How it came"),
            {"fields": [("kind", "channel"), "created_at", ("subject", "language"), "message"]},
        ),
        (
            gettext_lazy("Who asks"),
            {"fields": [("name", "organisation"), ("email", "phone"), ("country", "role")]},
        ),
        (
            gettext_lazy("The plan"),
            {
                "fields": [
                    ("park", "project", "industry"),
                    ("investment_band", "land_needed", "start"),
                ]
            },
        ),
    ]
    readonly_fields = (
        *("reference", "received", "due", "subject", "park", "project", "message_text"),
        *("language", "sent_from", "name", "organisation", "email", "phone", "investment_band"),
        *("land", "start", "channel", "officer", "consent_at", "consent_words", "figure"),
        *("also_agreed", "rating", "rating_text"),
    )

    class Media:
        css = {"all": ("desk/forms.css", "desk/inquiries.css", "desk/board.css")}
        js = ("desk/names.js",)  # the two halves of a moment have no name of their own

    def get_urls(self) -> list:
        """The desk's own pages (board, reply, figures …) before Django's."""
        return [*desk_urls.urlpatterns, *super().get_urls()]

    # --- who may do what

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Confidential ones are there for owner, backup and chief only."""
        return super().get_queryset(request).visible_to(request.user)

    def get_form(
        self, request: HttpRequest, obj: Inquiry | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = TypedInquiryForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Inquiry | None = None) -> tuple:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Inquiry | None) -> tuple:
        return self.inlines if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list:
        """Without the questions of the form for who may only read."""
        if obj is None:
            return self.add_fieldsets
        if self.has_change_permission(request, obj):
            return self.fieldsets
        asked = {"note", "again"}
        return [
            (title, {"fields": [name for name in options["fields"] if name not in asked]})
            for title, options in self.fieldsets
        ]

    # --- looking and saving

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the saved views and the way to the board above it."""
        views = saved_views.bar(request, saved_views.LIST)
        return super().changelist_view(request, {**views, **(extra_context or {})})

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Empty, or with a message that waits to be filed; what is filed becomes no second one."""
        if "mail" in request.GET and self._waiting_mail(request) is None:
            messages.error(request, _("This message waits no longer."))
            return HttpResponseRedirect(reverse("admin:inquiries_inbox"))
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """By the number of a mail: its words and its sender belong into no address."""
        mail = self._waiting_mail(request)
        return inbound.as_inquiry(mail) if mail else super().get_changeform_initial_data(request)

    def _waiting_mail(self, request: HttpRequest) -> InboundMail | None:
        number = request.GET.get("mail", "")
        if not is_number(number) or not request.user.has_perm("inquiries.change_inboundmail"):
            return None
        return inbound.unfiled(request.user).filter(pk=number).first()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Every look is written down."""
        response = super().change_view(request, object_id, form_url, extra_context)
        if request.method == "GET" and response.status_code == 200:
            privacy.note_look(self.get_queryset(request).filter(pk=object_id), request.user)
        return response

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: forms.ModelForm, change: bool
    ) -> None:
        """Through the services, so that each change leaves an event."""
        if not change:
            mail = self._waiting_mail(request)
            by_hand.record(obj, request.user)
            if mail:
                inbound.open_with(mail, obj, request.user)
            return
        given = form.cleaned_data
        changed = set(form.changed_data)
        details = {name: given[name] for name in pipeline.DETAILS if name in changed}
        if "kind" in changed:
            pipeline.change_kind(obj, given["kind"], request.user)
        if "assigned_to" in changed:
            services.assign(obj, given["assigned_to"], request.user)
            self.say_who_is_away(request, given["assigned_to"])
        if "status" in changed:
            pipeline.change_stage(obj, given["status"], request.user, **details)
        elif details:
            pipeline.change_details(obj, request.user, **details)
        if note := given.get("note", "").strip():
            services.add_note(obj, note, request.user)
        for mail in given.get("again", ()):
            services.send_again(mail, request.user)

    # --- columns and fields

    def get_list_display(self, request: HttpRequest) -> tuple:
        """With a column that knows who looks at it."""

        @admin.display(description=gettext_lazy("who"), ordering="organisation")
        def who(inquiry: Inquiry) -> str:
            return masking.title_for(inquiry, request.user)

        return tuple(who if name == "who" else name for name in self.list_display)

    @admin.display(description=gettext_lazy("who"))
    def who(self, inquiry: Inquiry) -> str:
        """For what is not a list of one request; nobody's name in it."""
        return inquiry.code_name or inquiry.reference

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def queue(self, inquiry: Inquiry) -> str:
        """Who asks, and about what."""
        return format_html(
            "{}<br><small>{}</small>", inquiry.get_kind_display(), inquiry.get_subject_display()
        )

    @admin.display(description=gettext_lazy("received"), ordering="created_at")
    def received(self, inquiry: Inquiry) -> str:
        return moment_shown(inquiry.created_at)

    @admin.display(description=gettext_lazy("stage"), ordering="status")
    def status_badge(self, inquiry: Inquiry) -> str:
        return format_html(
            '<span class="desk-status desk-status--{}">{}</span>',
            inquiry.status,
            inquiry.get_status_display(),
        )

    @admin.display(description=gettext_lazy("clock"), ordering="due_at")
    def due(self, inquiry: Inquiry) -> str:
        """What is due next and when; marked when it is over and the clock runs."""
        state = clock_state(inquiry)
        moment = moment_shown(state.due) if state.due else ""
        if state.code != "overdue":
            return f"{state.words} {moment}".strip()
        return format_html(
            '{} {} <span class="desk-state desk-state--overdue">{}</span>',
            *(state.words, moment, _("Overdue")),
        )

    @admin.display(description=gettext_lazy("park"), ordering="park")
    def place(self, inquiry: Inquiry) -> str:
        return inquiry.park.map_name if inquiry.park else "–"

    @admin.display(description=gettext_lazy("message"))
    def message_text(self, inquiry: Inquiry) -> SafeString:
        return SafeString(linebreaks(inquiry.message, autoescape=True))

    @admin.display(description=gettext_lazy("sent from"))
    def sent_from(self, inquiry: Inquiry) -> str:
        """The page of the site, to be opened: of a report, where the error stands."""
        if not inquiry.page:
            return "–"
        # With the host before it: "//elsewhere.example" would lead there.
        return format_html('<a href="{}">{}</a>', absolute(inquiry.page), inquiry.page)

    @admin.display(description=gettext_lazy("land needed"))
    def land(self, inquiry: Inquiry) -> str:
        return "–" if inquiry.land_needed is None else format_area(inquiry.land_needed)

    @admin.display(description=gettext_lazy("also agreed to"))
    def also_agreed(self, inquiry: Inquiry) -> str:
        """Purposes beside the answer itself, without those that were taken back. One query."""
        given = inquiry.consents.filter(withdrawn_at=None)
        return ", ".join(str(consent.get_purpose_display()) for consent in given) or "–"

    @admin.display(description=gettext_lazy("consent text"))
    def consent_words(self, inquiry: Inquiry) -> str:
        """Nothing for what was typed in."""
        if not inquiry.consent_version:
            return "–"
        return (
            f"{inquiry.consent_version}: "
            f"{consent_text(inquiry.consent_version, inquiry.consent_language)}"
        )
