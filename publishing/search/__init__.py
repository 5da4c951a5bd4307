"""Search over every public record in three languages, on SQLite and on PostgreSQL.

``tokens`` cuts text into words, ``documents`` says what of a record is searched, ``index`` keeps
the index in step with the records, ``query`` reads what a visitor typed, ``results`` finds, and
``highlight`` shows why. ``backends`` holds the little that differs between the databases.
"""
