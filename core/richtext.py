"""Formatted text: one allow-list for the editor and for the sanitiser."""

from django_prose_editor.fields import ProseEditorField

#: What an editor can write, and therefore all that is stored. Text from imports passes the same
#: list, because the field itself cleans its value.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}


class RichTextField(ProseEditorField):
    """HTML that was cleaned before it was stored, and can be shown as it is."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", True)
        super().__init__(*args, **kwargs)
