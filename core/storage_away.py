"""What it means that the storage of files cannot be asked."""


class StorageAwayError(OSError):
    """The object storage is away, hangs or refuses: the file may be there all the same.

    A kind of ``OSError``, as a broken disk is one, so that code that knows files knows this too.
    """
