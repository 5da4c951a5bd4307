"""Settings are read strictly, and what is refused is explained in one line without secrets."""

import os
from pathlib import Path

import pytest

from cluster_site.environment import (
    Environment,
    SettingError,
    file_url,
    kept_secret,
    masked,
    read_file,
)


def environment(**values: str) -> Environment:
    return Environment(values)


class TestFlags:
    @pytest.mark.parametrize("text", ["true", "True", "YES", "on", "1"])
    def test_words_for_yes(self, text):
        assert environment(DEBUG=text).flag("DEBUG", default=False) is True

    @pytest.mark.parametrize("text", ["false", "No", "off", "0"])
    def test_words_for_no(self, text):
        assert environment(DEBUG=text).flag("DEBUG", default=True) is False

    @pytest.mark.parametrize("text", ["", "  "])
    def test_an_empty_value_means_the_default(self, text):
        assert environment(DEBUG=text).flag("DEBUG", default=True) is True

    @pytest.mark.parametrize("text", ["yess", "2", "none", "truefalse"])
    def test_anything_else_names_variable_value_and_remedy(self, text):
        with pytest.raises(SettingError) as caught:
            environment(DEBUG=text).flag("DEBUG", default=False)
        assert str(caught.value) == f"DEBUG is {text!r}: write true or false"


class TestNumbers:
    def test_a_number_in_range_is_read(self):
        assert environment(PORT="8080").integer("PORT", 8000, 1, 65535) == 8080

    @pytest.mark.parametrize("text", ["0", "65536", "-1", "8e3", "eight", "８０", "1" * 30, "1_0"])
    def test_others_are_refused_with_the_range(self, text):
        with pytest.raises(SettingError, match="a whole number from 1 to 65535"):
            environment(PORT=text).integer("PORT", 8000, 1, 65535)


class TestWordsAndLists:
    def test_a_choice_must_be_one_of_the_list(self):
        assert environment(LOG_FORMAT="json").choice("LOG_FORMAT", "text", ["text", "json"])
        with pytest.raises(SettingError, match="write one of: text, json"):
            environment(LOG_FORMAT="xml").choice("LOG_FORMAT", "text", ["text", "json"])

    def test_hosts_are_split_at_commas(self):
        found = environment(ALLOWED_HOSTS="a.example, .b.example,[::1]").hosts("ALLOWED_HOSTS", [])
        assert found == ["a.example", ".b.example", "[::1]"]

    @pytest.mark.parametrize("text", ["http://a.example", "a.example:80", "a b", "a/b"])
    def test_addresses_are_not_hosts(self, text):
        with pytest.raises(SettingError, match="without http://"):
            environment(ALLOWED_HOSTS=text).hosts("ALLOWED_HOSTS", [])

    def test_counts_have_known_names(self):
        keep = {"daily": 7, "weekly": 4}
        assert environment().counts("KEEP", keep) == keep
        assert environment(KEEP="weekly=2").counts("KEEP", keep) == {"daily": 0, "weekly": 2}

    @pytest.mark.parametrize("text", ["hourly=1", "daily", "daily=x", "daily=-1", "daily=1000"])
    def test_other_counts_are_refused(self, text):
        with pytest.raises(SettingError, match="numbers from 0 to 999: daily=7"):
            environment(KEEP=text).counts("KEEP", {"daily": 7})

    def test_a_passphrase_is_long_or_refused_unseen(self):
        assert environment().passphrase("KEY") == ""
        assert environment(KEY="k" * 32).passphrase("KEY") == "k" * 32
        with pytest.raises(SettingError, match="openssl rand") as caught:
            environment(KEY="hunter2").passphrase("KEY")
        assert "hunter2" not in str(caught.value)

    def test_a_mail_address_may_have_a_name(self):
        read = environment(FROM="Desk <desk@example.org>").mail_address("FROM", "")
        assert read == "Desk <desk@example.org>"

    @pytest.mark.parametrize("text", ["desk", "desk@", "Desk <desk>", "a@example.org\nBcc: x@y.z"])
    def test_what_is_no_mail_address_is_refused(self, text):
        with pytest.raises(SettingError, match="e-mail address"):
            environment(FROM=text).mail_address("FROM", "")

    def test_a_list_of_mail_addresses_is_checked_one_by_one(self):
        assert environment(ADMINS="a@example.org,b@example.org").mail_addresses("ADMINS") == [
            "a@example.org",
            "b@example.org",
        ]
        with pytest.raises(SettingError, match="'b'"):
            environment(ADMINS="a@example.org,b").mail_addresses("ADMINS")

    @pytest.mark.parametrize("text", ["Shanghai", "Asia/Nowhere", "../etc/passwd", "/etc/passwd"])
    def test_a_time_zone_must_exist(self, text):
        assert environment().time_zone("TIME_ZONE", "Asia/Shanghai") == "Asia/Shanghai"
        with pytest.raises(SettingError, match="Asia/Shanghai"):
            environment(TIME_ZONE=text).time_zone("TIME_ZONE", "Asia/Shanghai")


class TestAddresses:
    def test_a_slash_at_the_end_of_the_site_address_is_dropped(self):
        read = environment(PUBLIC_URL="https://a.example/").site_address("PUBLIC_URL", "")
        assert read == "https://a.example"

    @pytest.mark.parametrize(
        "text",
        [
            "a.example",
            "ftp://a.example",
            "https://a.example/en",
            "https://a.example?x",
            "https://:x",
        ],
    )
    def test_the_site_address_is_scheme_and_host(self, text):
        with pytest.raises(SettingError, match="scheme and host only"):
            environment(PUBLIC_URL=text).site_address("PUBLIC_URL", "")

    def test_sqlite_and_postgresql_are_understood(self):
        sqlite = environment(D="sqlite:////srv/db.sqlite3").database("D", "")
        assert (sqlite["ENGINE"], sqlite["NAME"]) == (
            "django.db.backends.sqlite3",
            "/srv/db.sqlite3",
        )
        postgres = environment(D="postgres://u:p%23w@db.example:5433/portal").database("D", "")
        assert postgres["ENGINE"] == "django.db.backends.postgresql"
        assert (postgres["PASSWORD"], postgres["HOST"], postgres["PORT"], postgres["NAME"]) == (
            "p#w",
            "db.example",
            5433,
            "portal",
        )

    @pytest.mark.parametrize(
        "text",
        [
            "mysql://u:hunter2@h/d",
            "postgres:/u:hunter2@h/d",
            "postgres://u:hunter2@h:port/d",
            "postgres://u:hunter2@h",
            "hunter2",
            "postgres://h?password=hunter2",
        ],
    )
    def test_a_wrong_database_address_is_refused_without_its_password(self, text):
        with pytest.raises(SettingError) as caught:
            environment(DATABASE_URL=text).database("DATABASE_URL", "")
        assert str(caught.value).startswith("DATABASE_URL is ")
        assert "postgres://user:password@host" in str(caught.value)
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_the_cache_is_memory_or_redis(self):
        memory = environment().cache("CACHE_URL", "locmemcache://")
        assert memory["BACKEND"].endswith("LocMemCache")
        redis = environment(CACHE_URL="redis://h:6379/0").cache("CACHE_URL", "")
        assert redis == {"BACKEND": "core.cache.FailOpenRedisCache", "LOCATION": "redis://h:6379/0"}

    @pytest.mark.parametrize("text", ["memcache://h", "redis://", "redis://:hunter2@h:x/0"])
    def test_other_caches_are_refused_without_their_password(self, text):
        with pytest.raises(SettingError, match="CACHE_URL is ") as caught:
            environment(CACHE_URL=text).cache("CACHE_URL", "")
        assert "hunter2" not in str(caught.value)

    def test_mail_goes_to_a_server_or_into_a_folder(self, tmp_path):
        server = environment(EMAIL_URL="smtp+tls://u%40x:pw@mail.example:587").mail("EMAIL_URL", "")
        assert server["EMAIL_HOST"] == "mail.example"
        assert (server["EMAIL_HOST_USER"], server["EMAIL_PORT"]) == ("u@x", 587)
        assert server["EMAIL_USE_TLS"] is True
        folder = tmp_path / "a b#c"
        files = environment().mail("EMAIL_URL", file_url("filemail", folder))
        assert files["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
        assert files["EMAIL_FILE_PATH"] == str(folder)

    @pytest.mark.parametrize(
        "text", ["smtps://h", "mail.example", "smtp://", "smtp://u:hunter2@h:x"]
    )
    def test_other_mail_addresses_are_refused_without_their_password(self, text):
        with pytest.raises(SettingError, match=r"smtp\+tls://") as caught:
            environment(EMAIL_URL=text).mail("EMAIL_URL", "")
        assert "hunter2" not in str(caught.value)

    def test_an_object_storage_has_address_key_and_bucket(self):
        url = "s3://key:p%2Fss@s3.example.org:9000/portal/files?region=cn-1"
        assert environment(MEDIA_STORAGE_URL=url).object_storage("MEDIA_STORAGE_URL") == {
            "endpoint_url": "https://s3.example.org:9000",
            "access_key": "key",
            "secret_key": "p/ss",
            "bucket_name": "portal",
            "region_name": "cn-1",
            "location": "files/",
        }
        plain = environment(S3="s3+http://k:s@127.0.0.1:9000/portal").object_storage("S3")
        assert (plain["endpoint_url"], plain["location"]) == ("http://127.0.0.1:9000", "")
        assert environment().object_storage("S3") is None

    @pytest.mark.parametrize(
        "text",
        [
            "s3://h/portal",
            "s3://k:hunter2@h",
            "s3://k:hunter2@h/A_b",
            "s3://k:hunter2@h:x/portal",
            "s3://k:hunter2@h/portal?acl=public",
            "https://k:hunter2@h/portal",
            "portal",
        ],
    )
    def test_half_an_object_storage_is_refused_without_its_secret(self, text):
        with pytest.raises(SettingError, match="s3://key:secret@host/bucket") as caught:
            environment(S3=text).object_storage("S3")
        assert "hunter2" not in str(caught.value)

    def test_masking_keeps_only_scheme_host_and_path(self):
        assert masked("postgres://u:p@ss@h/d?x=y") == "postgres://…@h/d"
        assert masked("word") == "(4 characters, not shown)"


class TestFile:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / ".env"
        path.write_text(text, encoding="utf-8")
        return path

    def test_lines_comments_and_quotes(self, tmp_path):
        path = self.write(
            tmp_path, "# words\n\nA=1  # one\nexport B = 'two words'\nC=\" #\"\nD=\nE=a#b\nF=# no\n"
        )
        assert read_file(path) == {
            "A": "1",
            "B": "two words",
            "C": " #",
            "D": "",
            "E": "a#b",
            "F": "",
        }

    def test_the_process_environment_wins(self, tmp_path):
        reader = Environment({"A": "process"}, self.write(tmp_path, "A=file\nB=file\n"))
        assert (reader.text("A"), reader.text("B")) == ("process", "file")

    def test_a_line_that_is_none_is_refused_without_showing_it(self, tmp_path):
        with pytest.raises(SettingError, match=r"\.env line 2") as caught:
            read_file(self.write(tmp_path, "A=1\nhunter2\n"))
        assert "hunter2" not in str(caught.value)

    def test_a_name_that_no_setting_has_is_refused_with_the_nearest(self, tmp_path):
        reader = Environment({}, self.write(tmp_path, "ALOWED_HOSTS=a.example\n"))
        reader.hosts("ALLOWED_HOSTS", ["b.example"])
        with pytest.raises(SettingError, match=r"did you mean ALLOWED_HOSTS\?"):
            reader.refuse_unknown_names()

    def test_a_missing_file_is_no_file(self, tmp_path):
        reader = Environment({}, tmp_path / "absent")
        reader.refuse_unknown_names()
        assert reader.text("A", "default") == "default"


class TestSecret:
    def test_the_first_call_makes_it_and_the_next_reads_it(self, tmp_path):
        path = tmp_path / "folder" / "secret_key"
        first = kept_secret(path)
        assert len(first) >= 50
        assert kept_secret(path) == first
        assert path.stat().st_mode & 0o777 == 0o600
        assert os.listdir(path.parent) == ["secret_key"]

    def test_one_that_others_may_read_is_refused(self, tmp_path):
        path = tmp_path / "secret_key"
        kept_secret(path)
        path.chmod(0o644)
        with pytest.raises(SettingError, match="chmod 600"):
            kept_secret(path)
