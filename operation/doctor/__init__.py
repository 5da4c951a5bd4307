"""``manage.py doctor``: what is wrong with this portal, and how to mend it, in plain words."""
