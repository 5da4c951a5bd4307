"""Settings: one file, read strictly from the environment (and from ``.env``, if there is one).

Each setting is described in ``docs/operators.md``; a test compares. What differs between the two
kinds of deployment follows from ``DEPLOYMENT``, so that nothing has to be set for a first start
and nothing can be forgotten in production.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from cluster_site.environment import (
    Environment,
    SettingError,
    file_url,
    kept_secret,
    reachable_host,
)
from cluster_site.logging import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ, file=Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env"))
env.names.add("ENV_FILE")

# --- Which kind of place this is

DEPLOYMENT = env.choice("DEPLOYMENT", "local", ("local", "production"))
IS_PRODUCTION = DEPLOYMENT == "production"
DEBUG = env.flag("DEBUG", default=False)
if DEBUG and IS_PRODUCTION:
    raise SettingError("DEBUG", "true", "never with DEPLOYMENT=production: it shows secrets")

#: Everything the portal writes, in one folder: database, media, mail, secret key, static files.
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- The server (read by cluster_site.supervisor)

SERVER_HOST = env.text("HOST", "127.0.0.1")
SERVER_PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
SERVER_WORKERS = env.integer("SERVER_WORKERS", 1, minimum=1, maximum=64)
SERVER_THREADS = env.integer("SERVER_THREADS", 2, minimum=1, maximum=64)

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if IS_PRODUCTION:
        raise SettingError("SECRET_KEY", None, "DEPLOYMENT=production needs 50 random characters")
    SECRET_KEY = kept_secret(DATA_DIR / "secret_key")
#: Earlier keys, still good for reading what they signed, while a new one takes over.
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")

_local_hosts = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", [] if IS_PRODUCTION else _local_hosts)
if not ALLOWED_HOSTS:
    raise SettingError("ALLOWED_HOSTS", None, "write the portal's host name: invest.example.org")
if IS_PRODUCTION and "*" in ALLOWED_HOSTS:
    raise SettingError("ALLOWED_HOSTS", "*", "write the portal's host name: invest.example.org")

#: Scheme and host in mails, feeds, the sitemap and canonical links.
PUBLIC_URL = env.site_address(
    "PUBLIC_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if IS_PRODUCTION
    else f"http://{reachable_host(SERVER_HOST)}:{SERVER_PORT}",
)

#: nginx or another proxy stands in front and sets X-Forwarded-For and X-Forwarded-Proto itself.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=IS_PRODUCTION)
USE_X_FORWARDED_HOST = False  # it would let a visitor poison caches

INSTALLED_APPS = [
    "modeltranslation",
    "cluster_site.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_countries",
    "django_prose_editor",
    "django_tasks",
    "cluster_site.apps.BackgroundTasksConfig",
    "solo",
    "core",
    "publishing",
    "library",
    "parks",
    "investment",
    "news",
    "inquiries",
    "portal",
    "staff",
    "operation",
]

# The order is the order of cost: what answers without Django's help comes first. Everything a
# public page does not need (session, user, messages) runs only under the staff addresses.
MIDDLEWARE = [
    "core.request_log.RequestLogMiddleware",
    "core.proxies.ForwardedAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compression.CompressTextMiddleware",
    "core.middleware.RefuseBrokenRequestsMiddleware",
    "core.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.stylesheet.StylesheetHintMiddleware",
    "core.middleware.LanguageMiddleware",
    "core.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.NoUnaskedCookieMiddleware",
    "core.middleware.StaffAuthenticationMiddleware",
    "core.middleware.StaffMessageMiddleware",
    "staff.middleware.SessionLimitsMiddleware",
    "staff.middleware.DeskLanguageMiddleware",
    "staff.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "publishing.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cluster_site.urls"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
WSGI_APPLICATION = "cluster_site.wsgi.application"
ASGI_APPLICATION = "cluster_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "publishing.context_processors.site",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "core.form_renderer.PortalFormRenderer"
# "example.org" typed without a scheme means https, as it will in Django 6 (then take this out).
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- Data

DATABASES = {
    "default": env.database("DATABASE_URL", file_url("sqlite", DATA_DIR / "db.sqlite3")),
}
# Opening a connection costs more than all queries of a page, on SQLite too.
DATABASES["default"]["CONN_MAX_AGE"] = env.integer(
    "DATABASE_CONN_MAX_AGE", 60, minimum=0, maximum=600
)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE lets writers queue instead of failing; FULL keeps acknowledged rows through a
    # power cut; secure_delete overwrites erased personal data (docs/decisions/0004).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        ),
    }
else:
    # What the address itself says comes last, because PostgreSQL keeps the last word.
    _given = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"] |= {
        "ENGINE": "core.postgresql",  # Django's, which also notices a server that hangs
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            **_given,
            "options": f"-c synchronous_commit=on {_given.get('options', '')}".strip(),
        },
    }
#: Seconds a page may ask PostgreSQL for (cluster_site.statements); 0 for no limit.
DATABASE_STATEMENT_TIMEOUT = env.integer("DATABASE_STATEMENT_TIMEOUT", 15, minimum=0, maximum=600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Finished pages are answered below Django (publishing.page_cache), up to so much a process.
PAGE_CACHE = env.flag("PAGE_CACHE", default=not DEBUG)
PAGE_CACHE_MEGABYTES = env.integer("PAGE_CACHE_MEGABYTES", 16, minimum=1, maximum=1024)

CACHES = {
    "default": env.cache("CACHE_URL", "locmemcache://"),
    # Pictures of shared links are large: in memory, 300 of them take up to 18 MB.
    "images": env.cache("CACHE_URL", "locmemcache://") | {"KEY_PREFIX": "images"},
}
if "LOCATION" not in CACHES["images"]:
    CACHES["images"] |= {"LOCATION": "images", "OPTIONS": {"MAX_ENTRIES": 300}}

# Enqueued in the transaction of the row it is about, worked off by `manage.py run_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
]
LANGUAGE_FALLBACKS = {
    "en": ("zh-hans", "zh-hant"),
    "zh-hans": ("zh-hant", "en"),
    "zh-hant": ("zh-hans", "en"),
}
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("en",), **LANGUAGE_FALLBACKS}
MODELTRANSLATION_CUSTOM_FIELDS = ("RichTextField",)
FORMAT_MODULE_PATH = "core.formats"
TIME_ZONE = env.time_zone("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# --- Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Only a debugger asks for source maps, and compressing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Files of inquirers. No address leads here: they leave through a view that asks who wants them.
PRIVATE_ROOT = DATA_DIR / "private"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "core.static_storage.OneStylesheetStorage"
        ),
    },
}
# Both kinds in one bucket, which nobody but the portal reads (core.object_storage).
_bucket = env.object_storage("MEDIA_STORAGE_URL")
if _bucket:
    _location = _bucket.pop("location")
    STORAGES |= {
        "default": {
            "BACKEND": "core.object_storage.ObjectStorage",
            "OPTIONS": {**_bucket, "location": f"{_location}media", "base_url": MEDIA_URL},
        },
        "private": {
            "BACKEND": "core.object_storage.ObjectStorage",
            "OPTIONS": {**_bucket, "location": f"{_location}private"},
        },
    }
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
CLAMD_URL = env.socket_address("CLAMD_URL")  # empty: files of inquirers are not scanned

# --- Public forms

# How much may be sent: by one address, by its neighbours (a /24 or /48), and by all together.
FORM_LIMIT_HOUR = env.integer("FORM_LIMIT_HOUR", 10, minimum=1, maximum=1_000_000)
FORM_LIMIT_DAY = env.integer("FORM_LIMIT_DAY", 40, minimum=1, maximum=1_000_000)
FORM_LIMIT_NETWORK_HOUR = env.integer("FORM_LIMIT_NETWORK_HOUR", 60, minimum=1, maximum=1_000_000)
FORM_LIMIT_ALL_HOUR = env.integer("FORM_LIMIT_ALL_HOUR", 300, minimum=1, maximum=1_000_000)

# Lets browsers do a second's work for each form (core.proof_of_work).
PROOF_OF_WORK = env.flag("PROOF_OF_WORK", default=False)

# --- Mail

vars().update(env.mail("EMAIL_URL", file_url("filemail", DATA_DIR / "mail")))
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 5, minimum=1, maximum=60)  # seconds
DEFAULT_FROM_EMAIL = env.mail_address("DEFAULT_FROM_EMAIL", "portal@localhost")
SERVER_EMAIL = env.mail_address("SERVER_EMAIL", DEFAULT_FROM_EMAIL)
#: The mailbox in which answers of inquirers arrive; None: officers paste them in.
IMAP = env.mailbox("IMAP_URL")
#: Its address, for "Reply-To"; empty: the desk's own.
INBOUND_EMAIL = next(iter(env.mail_addresses("INBOUND_EMAIL")), "")
ADMINS = [("", address) for address in env.mail_addresses("ADMINS")]

# --- Inquiries

#: Months after the last event, where they are not those of inquiries.retention: press=6,citizen=6
RETENTION_MONTHS = env.items("RETENTION_MONTHS")
#: Who gets the answers to the month's test inquiry; without one there are no tests.
MYSTERY_EMAIL = env.mail_addresses("MYSTERY_EMAIL")

# --- Staff

AUTH_USER_MODEL = "staff.User"
#: Administrators must log in with a second factor.
REQUIRE_MFA = env.flag("REQUIRE_MFA", default=False)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "staff.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"

# Accounts are made by an Administrator; a staff account has a name, its address may be shared.
ACCOUNT_ADAPTER = "staff.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on, all others end
ACCOUNT_SESSION_REMEMBER = False
# Guessing is throttled by axes, per name *and* address. A limit per name alone would let
# anybody lock anybody out.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}

MFA_ADAPTER = "staff.adapters.StaffMFAAdapter"
MFA_FORMS = {
    "authenticate": "staff.forms.FewCodesForm",
    "reauthenticate": "staff.forms.FewCodesAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # one code (30 s) early or late
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://127.0.0.1 on a first start

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "staff.lockout.attempted_username"
AXES_LOCKOUT_CALLABLE = "staff.lockout.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 3600  # seconds after logging in, however busy
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Headers

# One policy for all pages. Pages that need more (the rich-text editor) widen it for themselves.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY = {
    **{
        feature: []
        for feature in (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "display-capture",
            "encrypted-media",
            "fullscreen",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        )
    },
    # Passkeys of the staff.
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
#: Seconds; browsers keep to https that long, so begin small on a new host name.
SECURE_HSTS_SECONDS = env.integer(
    "SECURE_HSTS_SECONDS", 31_536_000 if IS_PRODUCTION else 0, minimum=0, maximum=63_072_000
)
#: Promises for a whole domain: only for one that is the portal's own.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=False)

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
# The prefix makes browsers refuse the cookie from a neighbouring host name or over http.
SESSION_COOKIE_NAME = "__Host-session" if IS_PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Logs

LOGGING = logging_settings(
    level=env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    style=env.choice("LOG_FORMAT", "text", ("text", "json")),
)
#: One line for each request that reaches Django.
ACCESS_LOG = env.flag("ACCESS_LOG", default=False)
#: Statements that take longer are logged, in milliseconds; 0 for none.
SLOW_QUERY_MS = env.integer("SLOW_QUERY_MS", 200, minimum=0, maximum=600_000)

# --- Backups (manage.py backup)

BACKUP_DIR = env.path("BACKUP_DIR", DATA_DIR / "backups")
#: Archives are encrypted with it; without one they are readable by their owner only.
BACKUP_KEY = env.passphrase("BACKUP_KEY")
#: How many of the last days, weeks and months have a backup. It ends the life of erased data, too.
BACKUP_KEEP = env.counts("BACKUP_KEEP", {"daily": 7, "weekly": 4, "monthly": 3})

# --- Maintenance and figures for machines

#: Everything can be read, nothing changes (core.read_only).
READ_ONLY = env.flag("READ_ONLY", default=False)
#: Where Prometheus may ask (manage.py serve_metrics); 0 for nowhere.
METRICS_HOST = env.text("METRICS_HOST", "127.0.0.1")
METRICS_PORT = env.integer("METRICS_PORT", 0, minimum=0, maximum=65535)

SILENCED_SYSTEM_CHECKS: list[str] = []

env.refuse_unknown_names()
