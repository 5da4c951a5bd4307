"""Which pages a browser has to see: one address per kind of public page, in starter content."""

#: Codes in addresses, and what the page says of itself.
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}

#: Kind of page → path after the language.
PAGES = {
    "home": "",
    "park-list": "parks/",
    "park-list-filtered": "parks/?industry=electronic-information",
    "park": "parks/lingang/",
    "industry-list": "industries/",
    "industry": "industries/electronic-information/",
    "project-list": "projects/",
    "project-list-filtered": "projects/?industry=electronic-information&page=1",
    "project-list-without-hit": "projects/?industry=modern-services&year=2001",
    "project": "projects/honda-metal/",
    "statistics": "statistics/",
    "news": "news/",
    "news-topic": "news/topic/cluster/",
    "news-year": "news/2024/",
    "post": "news/development-history-of-the-cluster/",
    "question-form": "news/development-history-of-the-cluster/ask/",
    "history": "history/",
    "contact": "contact/",
    "page": "about/",
    "page-of-law": "privacy/",
    "search": "search/",
    "search-with-hits": "search/?q=园区",
    "search-without-hit": "search/?q=zebra+crossing",
    "inquiry": "inquiry/",
    "inquiry-about-a-park": "inquiry/?park=lingang",
    "inquiry-status": "inquiry/status/",
    "inquiry-status-without-hit": "inquiry/status/?r=guess",
    "report": "report/",
    "style-guide": "style-guide/",
    "not-found": "nothing-here/",
}

#: Pages that answer with something else than 200.
STATUS = {"not-found": 404, "inquiry-status-without-hit": 404}
